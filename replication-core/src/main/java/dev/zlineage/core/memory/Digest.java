// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The first half of a SHA-256, in hexadecimal digits. */
final class Digest {

    private static final int LENGTH = 32;

    private Digest() {}

    static String of(String text) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(whole, 0, LENGTH / 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Lines, and one more that tells whether they are all there. */
    static String sealed(String lines) {
        return lines + of(lines) + "\n";
    }

    /** The lines of what was {@link #sealed}; empty where something is missing or changed, so that half a text is none. */
    static Optional<String> opened(String text) {
        int end = text.length() - LENGTH - 1;
        return end > 0 && text.equals(sealed(text.substring(0, end)))
                ? Optional.of(text.substring(0, end))
                : Optional.empty();
    }
}
