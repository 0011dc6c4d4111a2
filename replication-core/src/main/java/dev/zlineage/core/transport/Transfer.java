// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/** A transfer under way. */
public interface Transfer {

    /**
     * Carries the transfer through and waits for both ends. To be called once, by one thread; afterwards no process and no
     * thread of the transfer is left.
     *
     * @return how both ends ended
     * @throws InterruptedException if the thread was interrupted; the transfer is then aborted and its processes are gone
     */
    Ends await() throws InterruptedException;

    /** Ends it at once, from any thread. {@link #await} then returns soon. */
    void abort();

    /**
     * How both ends of a transfer ended.
     *
     * @param source the sending end
     * @param sink the receiving end
     * @param bytes what went through, as far as that is known
     * @param counted whether every byte was counted; through a kernel pipe, {@code bytes} is what the source reported last
     */
    record Ends(StreamExit source, StreamExit sink, long bytes, boolean counted) {

        /**
         * Where every byte was counted.
         *
         * @param source the sending end
         * @param sink the receiving end
         * @param bytes what went through
         */
        public Ends(StreamExit source, StreamExit sink, long bytes) {
            this(source, sink, bytes, true);
        }
    }
}
