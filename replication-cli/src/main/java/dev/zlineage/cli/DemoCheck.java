// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/** Compares two trees snapshot by snapshot, by GUID and by contents, and shows it as a table. */
final class DemoCheck {

    private final DemoPools pools;
    private boolean same = true;

    DemoCheck(DemoPools pools) {
        this.pools = pools;
    }

    boolean same() {
        return same;
    }

    void print(PrintWriter out, String source, String target) {
        DatasetName from = DatasetName.of(source);
        DatasetName to = DatasetName.of(target);
        row(out, "dataset", "snapshot", "GUID on source", "", "GUID on target", "contents");
        for (Dataset dataset : pools.tree(source)) {
            compare(out, dataset.name(), dataset.name().rebase(from, to));
        }
    }

    private void compare(PrintWriter out, DatasetName source, DatasetName target) {
        History sources = pools.history(source);
        History targets = pools.history(target);
        String shown = source.value().substring(source.pool().value().length() + 1);
        for (Snapshot snapshot : sources.snapshots()) {
            if (!targets.holds(snapshot.guid())) {
                same = false;
                row(out, shown, snapshot.toString(), snapshot.guid().hex(), "!=", "missing", "-");
                shown = "";
            }
        }
        for (Snapshot snapshot : targets.snapshots()) {
            Optional<Snapshot> twin = sources.snapshots().stream()
                    .filter(s -> s.guid().equals(snapshot.guid()))
                    .findFirst();
            String contents = "only the replica has it";
            if (twin.isPresent()) {
                boolean equal = pools.contents(source.snapshot(twin.get().label()))
                        .equals(pools.contents(target.snapshot(snapshot.label())));
                same &= equal;
                contents = equal ? "the same" : "DIFFERENT";
            }
            row(
                    out,
                    shown,
                    snapshot.toString(),
                    twin.map(s -> s.guid().hex()).orElse("destroyed"),
                    twin.isPresent() ? "=" : "",
                    snapshot.guid().hex(),
                    contents);
            shown = "";
        }
    }

    private static void row(PrintWriter out, String... cells) {
        out.println(String.format(Locale.ROOT, "  %-13s %-8s %-16s %2s %-16s  %s", (Object[]) cells)
                .stripTrailing());
    }
}
