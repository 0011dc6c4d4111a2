// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.ReplicationRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which datasets and snapshots are meant. */
final class SelectionOptions {

    @Option(
            names = {"-r", "--recursive"},
            description = "Everything below the source too.")
    private boolean recursive;

    @Option(names = "--newest", description = "Only the newest snapshot.")
    private boolean newest;

    @Option(
            names = "--matching",
            paramLabel = "REGEX",
            description = "Only snapshots whose whole name after the @ matches, such as 'daily-.*'.")
    private @Nullable String matching;

    @Option(
            names = "--schema",
            paramLabel = "SCHEMA",
            description = "Only snapshots that are named after a time in this way, such as 'auto-%%Y-%%m-%%d_%%H-%%M'."
                    + " May be given several times.")
    private List<String> schemas = List.of();

    @Option(
            names = "--tagged",
            paramLabel = "NAME[=VALUE]",
            description = "Only snapshots on which this user property is set, to this value or any, such as"
                    + " org.example:keep=yes.")
    private @Nullable String tagged;

    @Option(
            names = "--exclude",
            paramLabel = "DATASET",
            description =
                    "With --recursive: leave this dataset below the source out, with everything below it, or all that"
                            + " match a glob, such as 'tank/data/*/cache'. May be given several times.")
    private List<String> exclude = List.of();

    @Option(
            names = "--include",
            paramLabel = "DATASET",
            description =
                    "With --exclude: take this dataset in again, with everything below it, or all that match a glob. Of"
                            + " two patterns the one that begins nearer to a dataset decides. May be given several times.")
    private List<String> include = List.of();

    @Option(
            names = "--with-system-datasets",
            description = "With --recursive of a whole pool: POOL/.system too, which a NAS keeps for itself.")
    private boolean systemDatasets;

    void apply(ReplicationRequest.Builder builder) {
        builder.recursive(recursive)
                .exclude(exclude)
                .include(include)
                .systemDatasets(systemDatasets)
                .snapshotsNamed(schemas);
        if (newest) {
            builder.newestSnapshotOnly();
        }
        if (matching != null) {
            builder.snapshotsMatching(matching);
        }
        if (tagged != null) {
            builder.snapshotsTagged(tagged);
        }
    }
}
