// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.StreamExit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** A stream that ends in this JVM. */
final class HereSink implements ByteSink {

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final CountDownLatch first = new CountDownLatch(1);
    private final boolean keeps;
    private volatile boolean aborted;
    private volatile boolean closed;

    private HereSink(boolean keeps) {
        this.keeps = keeps;
    }

    static HereSink keeping() {
        return new HereSink(true);
    }

    /** For a stream without end. */
    static HereSink forgetting() {
        return new HereSink(false);
    }

    byte[] bytes() {
        return kept.toByteArray();
    }

    void awaitFirst() throws InterruptedException {
        first.await();
    }

    @Override
    public OutputStream open() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int off, int len) throws IOException {
                if (aborted) {
                    throw new IOException("aborted");
                }
                if (keeps) {
                    kept.write(bytes, off, len);
                }
                first.countDown();
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    /** Only a stream that was closed came to its end. */
    @Override
    public StreamExit finish() {
        return closed && !aborted ? StreamExit.OK : new StreamExit(StreamExit.LOST, "not closed");
    }

    @Override
    public void abort() {
        aborted = true;
    }
}
