// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A host on which a program runs, in two filesystems of its own: {@link #HERE} and {@link #THERE}, in two pools. */
public interface Host {

    DatasetName HERE = DatasetName.of("here/s");
    DatasetName THERE = DatasetName.of("there/s");
    String PASSPHRASE = "correct horse";

    /** The port to it. */
    Zfs zfs();

    /** This and the next three answer whether it worked. */
    boolean encrypt(DatasetName name);

    boolean write(DatasetName filesystem, String file, String text);

    boolean fill(DatasetName filesystem, String file, int kibibytes);

    boolean delete(DatasetName filesystem, String file);

    /** For each file of these snapshots its path and a digest of what it holds. */
    Map<SnapshotName, Map<String, String>> contents(List<SnapshotName> snapshots);

    /** The receiver gets what the sender has sent, however that ended. */
    Ends transfer(SendStream stream, ReceiveStream receive, Operation.Cut cut);

    boolean force(SendStream stream, DatasetName target);

    /** Whether {@code zfs} with such arguments exits with 0. */
    boolean typed(List<String> arguments);

    /** Why the ends of a transfer failed. */
    record Ends(Optional<ZfsFailure> sender, Optional<ZfsFailure> receiver) {}
}
