// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** A stream that this JVM reads: of a remote host, or of a fake. Used once. */
public non-sealed interface ByteSource extends StreamSource {

    /**
     * Starts it. Called once, before everything else.
     *
     * @return the stream
     * @throws IOException if it can't be started
     */
    InputStream open() throws IOException;

    /**
     * An estimate of the size, if the source knows one once it is open.
     *
     * @return bytes
     */
    default OptionalLong estimate() {
        return OptionalLong.empty();
    }

    /**
     * Waits for the end and tells it. Called once, after the stream was read to its end or given up.
     *
     * @return how it ended
     * @throws IOException if that can't be told
     */
    StreamExit finish() throws IOException;

    /** Ends it at once, from any thread. A read under way fails or ends. */
    void abort();
}
