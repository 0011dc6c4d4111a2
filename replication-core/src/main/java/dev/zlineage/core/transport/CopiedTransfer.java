// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/** A transfer whose bytes this JVM copies, on the thread that awaits it. */
final class CopiedTransfer implements Transfer {

    private static final int BUFFER = 64 * 1024;

    private final ByteSource source;
    private final ByteSink sink;
    private final Consumer<StreamProgress> progress;
    private volatile boolean aborted;
    private long moved;

    CopiedTransfer(ByteSource source, ByteSink sink, Consumer<StreamProgress> progress) {
        this.source = source;
        this.sink = sink;
        this.progress = progress;
    }

    @Override
    public Ends await() throws InterruptedException {
        String broken = "";
        try {
            copy();
        } catch (IOException e) {
            // aborted, not closed: a read that failed must never look like the end of the stream to the receiver, nor a
            // receiver that left keep the sender going
            broken = String.valueOf(e.getMessage());
            source.abort();
            sink.abort();
        } catch (InterruptedException e) {
            abort();
            exit(source::finish, "interrupted");
            exit(sink::finish, "interrupted");
            throw e;
        }
        StreamExit sourceExit = exit(source::finish, broken);
        StreamExit sinkExit = exit(sink::finish, broken);
        return new Ends(sourceExit, sinkExit, moved);
    }

    private void copy() throws IOException, InterruptedException {
        InputStream in = source.open();
        source.estimate().ifPresent(bytes -> progress.accept(new StreamProgress.Estimated(bytes)));
        OutputStream out = sink.open();
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (aborted) {
                throw new IOException("aborted");
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            out.write(buffer, 0, n);
            moved += n;
            progress.accept(new StreamProgress.Moved(moved));
        }
        if (aborted) {
            throw new IOException("aborted");
        }
        out.flush();
        out.close();
        in.close();
    }

    @Override
    public void abort() {
        aborted = true;
        source.abort();
        sink.abort();
    }

    private static StreamExit exit(Finish end, String broken) {
        try {
            return end.finish();
        } catch (IOException e) {
            return new StreamExit(StreamExit.LOST, broken.isEmpty() ? String.valueOf(e.getMessage()) : broken);
        }
    }

    private interface Finish {
        StreamExit finish() throws IOException;
    }
}
