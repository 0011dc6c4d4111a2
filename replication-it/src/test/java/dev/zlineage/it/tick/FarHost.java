// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.ArrayList;
import java.util.List;

/** A host that can be away; then it answers nothing. */
final class FarHost implements Zfs {

    private final Zfs host;
    boolean away;

    FarHost(Zfs host) {
        this.host = host;
    }

    @Override
    public String host() {
        return host.host();
    }

    @Override
    public ZfsVersion version() {
        return host.version();
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
        if (!away) {
            return host.execute(commands);
        }
        List<Answer<?>> answers = new ArrayList<>();
        for (ZfsCommand<?> command : commands) {
            answers.add(new Answer.Failed<>(new ZfsFailure(
                    ZfsFailure.Kind.HOST_UNREACHABLE, command.toString(), host() + " can't be reached")));
        }
        return answers;
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        return host.send(stream);
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        return host.receive(stream);
    }

    @Override
    public void close() {}
}
