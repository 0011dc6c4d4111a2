// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.List;

/** A door to a host, with a witness at it: before and after each command that changes something. */
final class Watched extends Through {

    private final Witness witness;
    private final Chronicle chronicle;

    Watched(Zfs door, Witness witness, Chronicle chronicle) {
        super(door);
        this.witness = witness;
        this.chronicle = chronicle;
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
        List<Answer<?>> answers = new ArrayList<>();
        for (ZfsCommand<?> command : commands) {
            chronicle.step(host() + ": " + command);
            if (command instanceof ZfsCommand.Change) {
                witness.judge("what came before " + command);
                answers.addAll(door.execute(List.of(command)));
                witness.judge(command.toString());
            } else {
                answers.addAll(door.execute(List.of(command)));
            }
        }
        return answers;
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        chronicle.step(host() + ": " + stream);
        return door.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        chronicle.step(host() + ": " + stream);
        return door.receive(stream);
    }
}
