// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.io.IOException;
import java.io.OutputStream;

/** A stream that this JVM writes: to a remote host, or to a fake. Used once. */
public non-sealed interface ByteSink extends StreamSink {

    /**
     * Starts it. Called once, before everything else.
     *
     * @return the stream; it may be closed before {@link #finish()}
     * @throws IOException if it can't be started
     */
    OutputStream open() throws IOException;

    /**
     * Waits for the end and tells it. Called once, after the stream was closed.
     *
     * @return how it ended
     * @throws IOException if that can't be told
     */
    StreamExit finish() throws IOException;

    /** Ends it at once, from any thread, as if the connection were lost. A write under way fails. */
    void abort();
}
