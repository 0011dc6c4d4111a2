// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.StreamExit;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that this JVM makes. */
final class HereSource implements ByteSource {

    private final InputStream bytes;
    private volatile boolean aborted;

    private HereSource(InputStream bytes) {
        this.bytes = bytes;
    }

    static HereSource of(byte[] bytes) {
        return new HereSource(new ByteArrayInputStream(bytes));
    }

    static HereSource endless() {
        return new HereSource(new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] to, int off, int len) {
                return len;
            }
        });
    }

    @Override
    public InputStream open() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                requireLife();
                return bytes.read();
            }

            @Override
            public int read(byte[] to, int off, int len) throws IOException {
                requireLife();
                return bytes.read(to, off, len);
            }
        };
    }

    private void requireLife() throws IOException {
        if (aborted) {
            throw new IOException("aborted");
        }
    }

    @Override
    public StreamExit finish() {
        return aborted ? new StreamExit(StreamExit.LOST, "aborted") : StreamExit.OK;
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
