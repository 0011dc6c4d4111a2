// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A port that makes mistakes.
 *
 * @param zfs the one in which there are none
 * @param instead what is done in place of a command
 * @param answered what is told in place of an answer to a command
 * @param received how a stream is received in place of how it should be
 */
record Mistaken(
        Zfs zfs,
        UnaryOperator<ZfsCommand<?>> instead,
        BiFunction<ZfsCommand<?>, Answer<?>, Answer<?>> answered,
        UnaryOperator<ReceiveStream> received)
        implements Zfs {

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
        return commands.stream().<Answer<?>>map(this::one).toList();
    }

    private Answer<?> one(ZfsCommand<?> command) {
        return answered.apply(
                command, zfs.execute(List.of(instead.apply(command))).get(0));
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return zfs.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        return zfs.receive(received.apply(stream));
    }

    @Override
    public void close() {}
}
