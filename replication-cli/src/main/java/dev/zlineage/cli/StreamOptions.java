// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** In which form streams travel, and what the targets are given beside. */
final class StreamOptions {

    @Option(
            names = "--properties",
            description =
                    "Send the properties that the source has of its own, and the user properties of its snapshots."
                            + " mountpoint, sharenfs and sharesmb are not taken unless they are set or let through.")
    private boolean properties;

    @Option(
            names = "--exclude-property",
            paramLabel = "NAME",
            description = "With --properties: do not take this one. May be given several times.")
    private List<String> excluded = List.of();

    @Option(
            names = "--let-through",
            paramLabel = "NAME",
            description =
                    "With --properties: take mountpoint, sharenfs or sharesmb as well. A copy that is mounted when its host"
                            + " starts, or whose source is on the same host, then takes the source's place. May be given several times.")
    private List<String> letThrough = List.of();

    @Option(
            names = "--set-property",
            paramLabel = "NAME=VALUE",
            description = "Set this property on each target that something is sent to, and on no volume what only"
                    + " filesystems have. May be given several times.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(
            names = "--readonly",
            paramLabel = "POLICY",
            defaultValue = "set",
            completionCandidates = ReadonlyPolicies.class,
            converter = ReadonlyPolicies.class,
            description = "Whatever writes to a replica stops its next increment. set: new targets get readonly=on, and"
                    + " those that are there and writable; require: those are refused; ignore: it is left as it is."
                    + " (default: set)")
    private ReadonlyPolicy readonly = ReadonlyPolicy.SET;

    @Option(
            names = "--no-large-blocks",
            description = "Split blocks over 128 KiB. A target that was sent large ones refuses what is split.")
    private boolean split;

    @Option(names = "--no-compressed", description = "Send blocks uncompressed, however they lie on the disk.")
    private boolean expanded;

    @Option(
            names = "--embedded",
            description = "Send small blocks within their pointers, but to no target that is encrypted.")
    private boolean embedded;

    @Option(
            names = "--no-clones",
            description =
                    "Send a clone in full, as a dataset of its own. Without this it becomes a clone of the copy of its"
                            + " origin, where that is part of what is replicated.")
    private boolean noClones;

    void apply(ReplicationRequest.Builder builder) {
        builder.properties(new PropertyChoice(properties, Set.copyOf(excluded), set, Set.copyOf(letThrough)))
                .form(new StreamForm(!split, !expanded, embedded))
                .keepClones(!noClones)
                .readonly(readonly);
    }
}
