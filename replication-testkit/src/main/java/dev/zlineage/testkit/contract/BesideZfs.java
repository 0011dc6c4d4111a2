// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

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

/**
 * A port to a fake host that has a {@code zfs} and no other program: what takes {@code mount} or {@code find} is answered by
 * the fake itself.
 */
final class BesideZfs implements Zfs {

    private final Zfs port;
    private final Zfs fake;

    BesideZfs(Zfs port, Zfs fake) {
        this.port = port;
        this.fake = fake;
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
        boolean programs = commands.stream().anyMatch(ZfsCommand.ReadContents.class::isInstance);
        return (programs ? fake : port).execute(commands);
    }

    @Override
    public String host() {
        return port.host();
    }

    @Override
    public ZfsVersion version() {
        return port.version();
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return port.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        return port.receive(stream);
    }

    @Override
    public void close() {
        port.close();
    }
}
