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

/** A host whose datasets lie in another place than those who use it say. */
record Elsewhere(Zfs zfs, Renaming in, Renaming out) implements Zfs {

    Elsewhere(Zfs zfs, Renaming in) {
        this(zfs, in, in.inverse());
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
        List<Answer<?>> answers = zfs.execute(in.of(commands));
        return out.of(answers);
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return zfs.send(in.of(stream));
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        return zfs.receive(in.of(stream));
    }

    @Override
    public void close() {}
}
