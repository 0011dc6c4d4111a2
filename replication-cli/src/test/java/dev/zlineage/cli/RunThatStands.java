// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A process of its own that runs the command line, and stands still in its first stream. Its pools have the GUIDs of any other of its seed. */
final class RunThatStands {

    private RunThatStands() {}

    static FakeZfs pools() {
        FakeZfs zfs = FakeZfs.builder().seed(1).build();
        DatasetName data = DatasetName.of("tank/data");
        zfs.execute(new ZfsCommand.CreateFilesystem(data, Map.of())).orThrow();
        zfs.write(data, "file", "content".getBytes(StandardCharsets.UTF_8));
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(new SnapshotName(data, "one")), Scope.SELF, Map.of()))
                .orThrow();
        return zfs;
    }

    public static void main(String[] args) {
        FakeZfs zfs = pools();
        zfs.beforeEachSend(stream -> {
            System.out.println("sends");
            try {
                System.out.println(System.in.read());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Screen.Shown shown = new Screen(zfs).zlineage(args);
        System.out.println(shown);
    }
}
