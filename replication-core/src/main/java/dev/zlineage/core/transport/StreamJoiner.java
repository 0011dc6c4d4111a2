// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import dev.zlineage.core.concurrency.Concurrency;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Joins a source to a sink. A process to a process is a kernel pipe; everything else is a copy through a buffer of 64 KiB,
 * which is a pipe's own size and was the fastest of those measured. With a limit of the rate everything is a copy.
 */
public final class StreamJoiner {

    private final Concurrency concurrency;
    private final Optional<RateLimit> limit;

    /**
     * A joiner without a limit.
     *
     * @param concurrency where threads for standard error come from
     */
    public StreamJoiner(Concurrency concurrency) {
        this(concurrency, Optional.empty());
    }

    /**
     * A joiner.
     *
     * @param concurrency where threads for standard error come from
     * @param limit what all its transfers together may move
     */
    public StreamJoiner(Concurrency concurrency, Optional<RateLimit> limit) {
        this.concurrency = concurrency;
        this.limit = limit;
    }

    /**
     * Starts a transfer.
     *
     * @param source where bytes come from
     * @param sink where they go
     * @param progress told how far the transfer is, from a thread of the transfer
     * @return the transfer under way; it must be {@linkplain Transfer#await awaited}
     */
    public Transfer start(StreamSource source, StreamSink sink, Consumer<StreamProgress> progress) {
        if (limit.isEmpty() && source instanceof ProcessSource from && sink instanceof ProcessSink to) {
            return PipedTransfer.start(concurrency, from, to, progress);
        }
        return new CopiedTransfer(concurrency, asBytes(source), asBytes(sink), limit, progress);
    }

    private ByteSource asBytes(StreamSource source) {
        return source instanceof ByteSource bytes ? bytes : new ProcessByteSource(concurrency, (ProcessSource) source);
    }

    private ByteSink asBytes(StreamSink sink) {
        return sink instanceof ByteSink bytes ? bytes : new ProcessByteSink(concurrency, (ProcessSink) sink);
    }
}
