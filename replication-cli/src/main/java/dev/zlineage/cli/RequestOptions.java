// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is to be replicated where. */
final class RequestOptions {

    /** What a bare {@code --snapshot} stands for; no name of a snapshot can be empty. */
    private static final String BY_TIME = "";

    @Option(
            names = "--source",
            paramLabel = "DATASET",
            required = true,
            description = "The filesystem or volume to replicate, such as tank/data.")
    private @Nullable String source;

    @Option(
            names = "--target",
            paramLabel = "DATASET",
            required = true,
            description = "What is to become its replica, such as backup/data. It need not exist; its pool must.")
    private @Nullable String target;

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--snapshot",
            paramLabel = "NAME",
            arity = "0..1",
            fallbackValue = BY_TIME,
            description = "Take a snapshot first, with --recursive of the whole tree at one moment."
                    + " Without a NAME it is called zl-<time in UTC>.")
    private @Nullable String snapshot;

    @Option(
            names = "--diverged",
            paramLabel = "REMEDY",
            defaultValue = "refuse",
            completionCandidates = Remedies.class,
            converter = Remedies.class,
            description = "What to do where the target has something of its own: refuse it; tolerate newer snapshots"
                    + " without changes, which stay; roll-back-unchanged destroys those; roll-back gives up everything"
                    + " since the last common snapshot, and the plan lists what that destroys; set-aside keeps it all under"
                    + " another name and goes on in a clone; start-over sends everything anew beside it, then swaps;"
                    + " start-over-unrelated does so only where nothing is in common."
                    + " (default: refuse)")
    private DivergencePolicy diverged = DivergencePolicy.REFUSE;

    @Option(
            names = "--only-new",
            description =
                    "Refuse targets that are there already, whatever they hold; one whose first stream was cut goes on.")
    private boolean onlyNew;

    @Option(
            names = "--trust-bookmarks",
            description = "Go on from a bookmark although the source is read-only, and so may be a replica that was"
                    + " rolled back. Only if it never was.")
    private boolean trustBookmarks;

    @Option(
            names = "--ignore-room",
            description = "Send a new dataset in full although the target has less room than it takes on the source. It"
                    + " may fit where the target compresses better.")
    private boolean ignoreRoom;

    @Option(
            names = "--mount",
            description = "Mount new filesystems on the target. Otherwise they are received and left unmounted.")
    private boolean mount;

    @Mixin
    private StreamOptions streams = new StreamOptions();

    @Mixin
    private EncryptionOptions encryption = new EncryptionOptions();

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many datasets are sent at the same time, 1 to 64 (default: ${DEFAULT-VALUE}).")
    private int parallel = 4;

    @Option(
            names = "--limit-rate",
            paramLabel = "RATE",
            converter = Rates.class,
            description = "Send no more than so many bytes a second, over all streams together, such as 500K or 20M"
                    + " (default: no limit).")
    private @Nullable Long rate;

    /**
     * The request; names that are missing stand as good ones, so that what else is wrong is still found.
     *
     * @param oneHost whether both names belong to one host, so that they alone tell whether they overlap
     */
    ReplicationRequest request(InstantSource clock, boolean oneHost) {
        ReplicationRequest.Builder builder = ReplicationRequest.of(
                        source == null ? "source" : source, target == null ? "target" : target)
                .onDivergence(diverged)
                .onlyNew(onlyNew)
                .trustBookmarks(trustBookmarks)
                .ignoreRoom(ignoreRoom)
                .mount(mount)
                .parallelism(parallel);
        selection.apply(builder);
        streams.apply(builder);
        encryption.apply(builder);
        if (snapshot != null) {
            builder.takeSnapshot(snapshot.equals(BY_TIME) ? byTime(clock) : snapshot);
        }
        if (rate != null) {
            builder.bytesPerSecond(rate);
        }
        ReplicationRequest request = builder.build();
        if (oneHost && source != null && target != null) {
            refuseOverlap(request.source(), request.target());
        }
        return request;
    }

    private static void refuseOverlap(DatasetName source, DatasetName target) {
        String problem = "";
        if (source.equals(target)) {
            problem = "source and target are the same dataset";
        } else if (source.contains(target)) {
            problem = "it lies inside the source " + source;
        } else if (target.contains(source)) {
            problem = "the source " + source + " lies inside it";
        }
        if (!problem.isEmpty()) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "target", "'" + target + "' can't be the target: " + problem + "; choose one beside it")));
        }
    }

    private static String byTime(InstantSource clock) {
        return "zl-"
                + DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(clock.instant());
    }
}
