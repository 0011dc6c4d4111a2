// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.Arrays;

/** Bytes that must never be printed: a key or passphrase. It reaches {@code zfs} on standard input. */
public final class Secret implements AutoCloseable {

    private final byte[] bytes;

    /**
     * Copies a secret.
     *
     * @param bytes the key or passphrase; the caller should wipe its own array
     */
    public Secret(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /**
     * The secret itself.
     *
     * @return a copy that the caller should wipe
     */
    public byte[] reveal() {
        return bytes.clone();
    }

    /** Overwrites the bytes kept here. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
