// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A program as an end whose bytes this JVM copies. */
final class ProcessByteSource implements ByteSource {

    private final ProcessSource program;
    private final ProcessEnd end;
    private final AtomicLong estimate = new AtomicLong(-1);

    ProcessByteSource(Concurrency concurrency, ProcessSource program) {
        this.program = program;
        this.end = new ProcessEnd(concurrency);
    }

    @Override
    public InputStream open() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program.argv());
        builder.environment().putAll(program.environment());
        builder.redirectInput(PipedTransfer.NOTHING);
        // what is moved is counted where it is copied
        SourceReports reports = new SourceReports(program.report(), news -> {
            if (news instanceof StreamProgress.Estimated size) {
                estimate.set(size.bytes());
            }
        });
        return end.start(builder, Process::getErrorStream, reports).getInputStream();
    }

    @Override
    public OptionalLong estimate() {
        long bytes = estimate.get();
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    @Override
    public StreamExit finish() throws IOException {
        return end.finish();
    }

    @Override
    public void abort() {
        end.abort();
    }
}
