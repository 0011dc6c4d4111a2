// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** What the key of an encryption root is ({@code keyformat}). */
public enum KeyFormat {
    /** 64 hexadecimal digits. */
    HEX,
    /** Between 8 and 512 bytes of text, from which OpenZFS derives the key. */
    PASSPHRASE;

    private static final int HEX_DIGITS = 64;
    private static final int LEAST_PASSPHRASE = 8;
    private static final int MOST_PASSPHRASE = 512;

    /**
     * What OpenZFS would refuse a key for.
     *
     * @param key a key that is meant to be of this format
     * @return for a message, without the key; empty for one that is well-formed
     */
    public Optional<String> flaw(Secret key) {
        byte[] text = key.reveal();
        int length = text.length;
        boolean hex = new String(text, StandardCharsets.ISO_8859_1).matches("[0-9a-fA-F]*");
        Arrays.fill(text, (byte) 0);
        if (this == PASSPHRASE) {
            return length < LEAST_PASSPHRASE || length > MOST_PASSPHRASE
                    ? Optional.of("a passphrase of " + length + " bytes is refused by ZFS")
                    : Optional.empty();
        }
        if (!hex) {
            return Optional.of("it is not hexadecimal");
        }
        return length == HEX_DIGITS ? Optional.empty() : Optional.of("it is " + length + " hexadecimal digits");
    }

    /**
     * What a key of this format is.
     *
     * @return for a message
     */
    public String demand() {
        return this == HEX
                ? "exactly " + HEX_DIGITS + " digits of 0-9 and a-f"
                : LEAST_PASSPHRASE + " to " + MOST_PASSPHRASE + " bytes";
    }

    /**
     * The word for it.
     *
     * @return the value of {@code keyformat}
     */
    public String value() {
        return this == HEX ? "hex" : "passphrase";
    }
}
