// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;

/** Lets a dataset of a fake live through a history that is written in one line. */
final class LivedHistory {

    private static final String FILE = "history";

    private final FakeZfs host;
    private final DatasetName dataset;

    LivedHistory(FakeZfs host, DatasetName dataset) {
        this.host = host;
        this.dataset = dataset;
    }

    void live(String text) {
        if (text.matches("(?s).*[=!~].*")) {
            throw new IllegalArgumentException("a host draws GUIDs, groups and times itself: " + text);
        }
        History history = History.parse(text);
        if (host.execute(new ZfsCommand.ListDatasets(List.of(dataset), Scope.SELF))
                .orThrow()
                .isEmpty()) {
            run(new ZfsCommand.CreateFilesystem(dataset, Map.of()));
        }
        for (int i = 0; i < history.size(); i++) {
            String label = history.label(i);
            if (!history.isBookmark(i)) {
                take(label);
            } else if (i > 0
                    && history.point(i).guid().equals(history.point(i - 1).guid())) {
                bookmark(label);
            } else { // of a snapshot that is gone
                take(label);
                bookmark(label);
                run(new ZfsCommand.DestroySnapshots(dataset, List.of(label)));
            }
        }
    }

    private void take(String label) {
        host.write(dataset, FILE, label.getBytes(UTF_8));
        run(new ZfsCommand.TakeSnapshots(List.of(dataset.snapshot(label)), Scope.SELF, Map.of()));
    }

    private void bookmark(String label) {
        run(new ZfsCommand.CreateBookmark(dataset.snapshot(label), dataset.bookmark(label)));
    }

    private void run(ZfsCommand<?> command) {
        host.execute(command).orThrow();
    }
}
