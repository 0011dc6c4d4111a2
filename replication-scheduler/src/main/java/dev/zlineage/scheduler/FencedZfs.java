// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A host that carries out nothing that changes it unless the one who asks may still do so. OpenZFS knows no fencing: between
 * the question and the command there is a moment, and a receive under way goes on to its end.
 */
final class FencedZfs implements Zfs {

    private final Zfs zfs;
    private final BooleanSupplier mayChange;

    FencedZfs(Zfs zfs, BooleanSupplier mayChange) {
        this.zfs = zfs;
        this.mayChange = mayChange;
    }

    @Override
    public String host() {
        return zfs.host();
    }

    @Override
    public ZfsVersion version() {
        return zfs.version();
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
        if (commands.stream().noneMatch(ZfsCommand.Change.class::isInstance) || mayChange.getAsBoolean()) {
            return zfs.execute(commands);
        }
        return commands.stream()
                .<Answer<?>>map(
                        command -> new Answer.Failed<>(lost(command.getClass().getSimpleName())))
                .toList();
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return zfs.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        if (!mayChange.getAsBoolean()) {
            throw new ZfsException(lost("receive " + stream.target()));
        }
        return zfs.receive(stream);
    }

    @Override
    public void close() {
        zfs.close();
    }

    private static ZfsFailure lost(String what) {
        return new ZfsFailure(
                ZfsFailure.Kind.CANCELLED, what, "the job was taken over by somebody else; nothing was done");
    }
}
