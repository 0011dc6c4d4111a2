// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import dev.zlineage.core.transport.LosslessText;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Keeps what a program prints, up to a limit. It never throws: commons-exec would swallow that, stop reading, and leave the
 * program waiting for a reader. Safe for use by several threads.
 */
final class Bounded extends OutputStream {

    private final int limit;
    private final Runnable overflow;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean full;

    Bounded(int limit, Runnable overflow) {
        this.limit = limit;
        this.overflow = overflow;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (keep(bytes, from, length)) {
            overflow.run();
        }
    }

    /** Whether this is what it was too much with. */
    private synchronized boolean keep(byte[] bytes, int from, int length) {
        if (full) {
            return false;
        }
        try {
            full = length > limit - kept.size();
            if (!full) {
                kept.write(bytes, from, length);
            }
        } catch (OutOfMemoryError e) {
            full = true;
        }
        return full;
    }

    synchronized String text() {
        return LosslessText.of(kept.toByteArray());
    }
}
