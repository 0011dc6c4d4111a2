// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.IOException;
import java.io.OutputStream;

/** A program as an end whose bytes this JVM copies. */
final class ProcessByteSink implements ByteSink {

    private final ProcessSink program;
    private final ProcessEnd end;

    ProcessByteSink(Concurrency concurrency, ProcessSink program) {
        this.program = program;
        this.end = new ProcessEnd(concurrency);
    }

    @Override
    public OutputStream open() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.argv());
        builder.environment().putAll(program.environment());
        builder.redirectErrorStream(true);
        return end.start(builder, Process::getInputStream, line -> false).getOutputStream();
    }

    @Override
    public StreamExit finish() throws IOException {
        return end.finish();
    }

    /** Kills the receiver before its standard input is closed, so that it can't take this for the end of the stream. */
    @Override
    public void abort() {
        end.abort();
    }
}
