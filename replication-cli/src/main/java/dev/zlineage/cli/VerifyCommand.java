// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.verify.Depth;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.verify.Verification;
import dev.zlineage.core.verify.VerificationResult;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares both sides. */
@Command(
        name = "verify",
        header = "Compares both sides, by GUID or by what their snapshots hold. Changes nothing.",
        customSynopsis = "zlineage verify --source DATASET --target DATASET [--deep] [OPTIONS]",
        description = {
            "",
            "Without --deep it tells by GUID which snapshots the target lacks. Equal GUIDs prove that two snapshots have"
                    + " the same origin, not that they hold the same: a forced receive, a failing disk or a bookmark"
                    + " of a replica that was rolled back can come between.",
            "",
            "With --deep everything in a snapshot is read on both hosts, digests are compared, and what differs is told by"
                    + " file, for volumes by byte, with a way out. The data is not sent. Reading takes as long as the disks"
                    + " need. It needs root: snapshots are mounted for the while, in a temporary folder, and volumes"
                    + " cloned; an encrypted dataset needs its key.",
            ""
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  zlineage verify --source tank/data --target backup/data -r",
            "  zlineage verify --source tank/data --target backup/data -r --deep",
            "  zlineage verify --source tank/vm --target backup/vm --deep --at daily-1"
        })
final class VerifyCommand implements Callable<Integer>, Requesting {

    private final Environment environment;

    @Option(
            names = "--source",
            paramLabel = "DATASET",
            required = true,
            description = "The filesystem or volume that is replicated, such as tank/data.")
    private @Nullable String source;

    @Option(names = "--target", paramLabel = "DATASET", required = true, description = "Its replica.")
    private @Nullable String target;

    @Option(
            names = {"-r", "--recursive"},
            description = "Compare everything below the source too.")
    private boolean recursive;

    @Option(names = "--deep", description = "Compare what the newest snapshot holds that both sides have.")
    private boolean deep;

    @Option(
            names = "--at",
            paramLabel = "NAME",
            description = "With --deep: compare this snapshot instead, by its name on the source.")
    private @Nullable String at;

    @Option(
            names = "--all-snapshots",
            description =
                    "With --deep: compare every snapshot that both sides have, which tells to which one the target"
                            + " can go back.")
    private boolean all;

    @Mixin
    private HostOptions host = new HostOptions();

    @Mixin
    private RemoteOptions remote = new RemoteOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    VerifyCommand(Environment environment) {
        this.environment = environment;
    }

    /** Names that are missing stand as good ones, so that what else is wrong is still found. */
    @Override
    public ReplicationRequest request() {
        depth();
        return ReplicationRequest.of(source == null ? "source" : source, target == null ? "target" : target)
                .recursive(recursive)
                .build();
    }

    private Depth depth() {
        if (!deep && (at != null || all)) {
            throw invalid(at != null ? "--at" : "--all-snapshots", "tells what --deep reads: give that too");
        }
        if (at != null && all) {
            throw invalid("--at", "either one snapshot or --all-snapshots, not both");
        }
        if (at != null) {
            return new Depth.Labelled(at.startsWith("@") ? at.substring(1) : at);
        }
        return !deep ? new Depth.Guids() : all ? new Depth.EveryCommon() : new Depth.NewestCommon();
    }

    private static InvalidRequestException invalid(String field, String message) {
        return new InvalidRequestException(List.of(new InvalidRequestException.Problem(field, message)));
    }

    @Override
    public Integer call() throws InterruptedException {
        ReplicationRequest wanted = request();
        SignalGuard guard = SignalGuard.interrupting(Thread.currentThread());
        try (RemoteOptions.Sides hosts = remote.open(environment.hosts(), host)) {
            VerificationResult result =
                    Verification.between(hosts.source(), hosts.target()).verify(wanted, depth());
            if (output.json()) {
                environment.out().println(result.toJson());
            } else {
                environment.out().print(result);
                advice(result).forEach(a -> environment.out().println("  way out: " + a));
                environment.out().flush();
            }
            return ExitCode.of(result);
        } finally {
            guard.close();
        }
    }

    /** On what could not be read. */
    private static List<String> advice(VerificationResult result) {
        return result.datasets().stream()
                .flatMap(dataset -> dataset.snapshots().stream())
                .filter(snapshot -> snapshot.outcome() instanceof Outcome.NotCompared)
                .map(snapshot -> ((Outcome.NotCompared) snapshot.outcome()).failure())
                .flatMap(failure -> Advice.on(failure.kind()).stream())
                .distinct()
                .toList();
    }
}
