// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;

/** One step of a program: what replication or a person does to a host. */
public sealed interface Operation {

    /** A command of the port. */
    record Run(ZfsCommand<?> command) implements Operation {}

    /** Creates a filesystem with a passphrase of its own. */
    record Encrypt(DatasetName name) implements Operation {}

    /** Writes a file. */
    record Write(DatasetName filesystem, String file, String text) implements Operation {}

    /** Writes a file of random bytes. */
    record Fill(DatasetName filesystem, String file, int kibibytes) implements Operation {}

    /** Deletes a file. */
    record Delete(DatasetName filesystem, String file) implements Operation {}

    /** Sends and receives; the receiver gets the stream, or its beginning, when the sender is done. */
    record Transfer(SendStream stream, ReceiveStream receive, Cut cut) implements Operation {}

    /** Carries on with what a dataset keeps of a stream; without such a token, does nothing. */
    record Resume(ReceiveStream receive, Cut cut) implements Operation {}

    /** Receives by {@code zfs receive -F}. */
    record Force(SendStream stream, DatasetName target) implements Operation {}

    /** Runs {@code zfs} with such arguments, as people do and the port does not. */
    record Typed(List<String> arguments) implements Operation {}

    /** How much of a stream arrives. Places are named so that they mean the same in streams of different length. */
    enum Cut {
        /** All of it. */
        WHOLE,
        /** Not even the first record. */
        AT_ONCE,
        /** Half of it; for a stream most of which is one snapshot's data. */
        IN_THE_MIDDLE,
        /** All but the last eight bytes. */
        BEFORE_THE_END;

        public long of(long length) {
            return switch (this) {
                case WHOLE -> length;
                case AT_ONCE -> Math.min(length, 16);
                case IN_THE_MIDDLE -> length / 2;
                case BEFORE_THE_END -> Math.max(0, length - 8);
            };
        }
    }
}
