// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The key of an encryption root, as the user knows it. Immutable. */
final class WrappingKey {

    private final String format;
    private final String location;
    private final byte[] secret;

    WrappingKey(String format, String location, byte[] secret) {
        this.format = format;
        this.location = location;
        this.secret = secret.clone();
    }

    String format() {
        return format;
    }

    String location() {
        return location;
    }

    byte[] secret() {
        return secret.clone();
    }

    WrappingKey at(String newLocation) {
        return new WrappingKey(format, newLocation, secret);
    }

    boolean opensWith(byte[] given) {
        return Arrays.equals(secret, normal(format, given));
    }

    /** Whether bytes have the form that a format asks for. */
    static boolean isWellFormed(String format, byte[] given) {
        byte[] key = normal(format, given);
        return switch (format) {
            case "raw" -> key.length == 32;
            case "hex" -> new String(key, StandardCharsets.ISO_8859_1).matches("[0-9a-fA-F]{64}");
            case "passphrase" -> key.length >= 8 && key.length <= 512;
            default -> false;
        };
    }

    /** Texts may end with a line feed. */
    static byte[] normal(String format, byte[] given) {
        boolean text = !format.equals("raw");
        return text && given.length > 0 && given[given.length - 1] == '\n'
                ? Arrays.copyOf(given, given.length - 1)
                : given.clone();
    }
}
