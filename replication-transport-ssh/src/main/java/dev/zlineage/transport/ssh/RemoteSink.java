// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.Messages;
import dev.zlineage.core.transport.StreamExit;
import java.io.IOException;
import java.io.OutputStream;
import net.schmizz.sshj.connection.channel.direct.Session;

/** A stream to a program on another host. */
final class RemoteSink implements ByteSink {

    private final RemoteStream stream;
    private final Messages stdout = new Messages(line -> false);
    private final Messages stderr = new Messages(line -> false);

    RemoteSink(RemoteStream stream) {
        this.stream = stream;
    }

    @Override
    public OutputStream open() throws IOException {
        Session.Command program = stream.start();
        stream.read(program.getErrorStream(), stderr);
        stream.read(program.getInputStream(), stdout);
        return new WindowedOutput(stream.session(), program);
    }

    @Override
    public StreamExit finish() throws IOException {
        return stream.finish(stdout, stderr);
    }

    @Override
    public void abort() {
        stream.abort();
    }
}
