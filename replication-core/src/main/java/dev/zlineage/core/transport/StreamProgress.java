// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/** How far a stream is. */
public sealed interface StreamProgress {

    /**
     * The stream's size, as its source guesses it before it starts.
     *
     * @param bytes never more than a guess
     */
    record Estimated(long bytes) implements StreamProgress {}

    /**
     * What went through so far.
     *
     * @param bytes since the start of the stream
     */
    record Moved(long bytes) implements StreamProgress {}
}
