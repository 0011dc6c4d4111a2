// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.Messages;
import dev.zlineage.core.transport.SourceReports;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamProgress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import net.schmizz.sshj.connection.channel.direct.Session;

/** A stream from a program on another host. */
final class RemoteSource implements ByteSource {

    private final RemoteStream stream;
    private final AtomicLong estimate = new AtomicLong(-1);
    private final Messages stderr;
    private volatile boolean over;

    RemoteSource(RemoteStream stream, Function<String, Optional<StreamProgress>> report) {
        this.stream = stream;
        // what is moved is counted where it is copied
        this.stderr = new Messages(new SourceReports(report, news -> {
            if (news instanceof StreamProgress.Estimated size) {
                estimate.set(size.bytes());
            }
        }));
    }

    @Override
    public InputStream open() throws IOException {
        Session.Command program = stream.start();
        // it has nothing to read; there is nothing in the buffer that this could lose
        program.getOutputStream().close();
        stream.read(program.getErrorStream(), stderr);
        return new Bytes(program.getInputStream());
    }

    @Override
    public OptionalLong estimate() {
        long bytes = estimate.get();
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public StreamExit finish() throws IOException {
        if (!over) {
            // nobody reads any more, so it would wait for ever
            stream.abort();
        }
        return stream.finish(stderr);
    }

    @Override
    public void abort() {
        stream.abort();
    }

    private final class Bytes extends FilterInputStream {

        Bytes(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = -1;
            try {
                n = super.read(bytes, offset, length);
                return n;
            } finally {
                // lost is an end too
                over |= n < 0;
            }
        }

        /** Not sshj's stream: what still arrives for one that is closed ends the whole connection. */
        @Override
        public void close() {
            if (!over) {
                stream.abort();
            }
        }
    }
}
