// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.zfs.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a new target is encrypted: as its parent is, or by a key of its own.
 *
 * @param inherit whether it takes part in the encryption of its parent; then it has no key
 * @param key the key or passphrase, as text
 * @param format what the key is
 * @param location where the key is kept: a path on the target, or {@code $TrueNAS} for the store of a middleware
 */
public record TargetEncryption(
        boolean inherit, Optional<Secret> key, Optional<KeyFormat> format, Optional<String> location) {

    private static final int HEX_DIGITS = 64;
    private static final int LEAST_PASSPHRASE = 8;
    private static final int MOST_PASSPHRASE = 512;

    /** What a key is. */
    public enum KeyFormat {
        /** 64 hexadecimal digits. */
        HEX,
        /** Between 8 and 512 bytes of text. */
        PASSPHRASE
    }

    /** As the parent is. */
    public static final TargetEncryption INHERIT =
            new TargetEncryption(true, Optional.empty(), Optional.empty(), Optional.empty());

    /** Appends what can't be meant. The key itself is never shown. */
    void check(Checks checks) {
        Checks here = checks.below("encryption");
        if (inherit) {
            String rule = "what is inherited has no key of its own";
            String wayOut = "remove it, or 'inherit'";
            key.ifPresent(secret -> here.refuse("key", secret, rule, wayOut));
            format.ifPresent(value -> here.refuse("key-format", value, rule, wayOut));
            location.ifPresent(value -> here.refuse("key-location", value, rule, wayOut));
            return;
        }
        String rule = "a target with a key of its own needs it";
        if (key.isEmpty()) {
            here.refuse("key", "", rule, "give it, or say encryption: inherit");
        }
        if (format.isEmpty()) {
            here.refuse("key-format", "", rule, "say hex or passphrase");
        }
        if (location.isEmpty()) {
            here.refuse("key-location", "", rule, "name a file on the target");
        }
        location.filter(path -> !path.startsWith("/") && !path.equals("$TrueNAS"))
                .ifPresent(path -> here.refuse(
                        "key-location", path, "it is neither an absolute path nor $TrueNAS", "begin it with /"));
        key.ifPresent(secret -> format.ifPresent(kind -> check(secret, kind, here)));
    }

    private static void check(Secret secret, KeyFormat format, Checks here) {
        byte[] text = secret.reveal();
        int length = text.length;
        boolean hex = new String(text, StandardCharsets.ISO_8859_1).matches("[0-9a-fA-F]*");
        Arrays.fill(text, (byte) 0);
        if (format == KeyFormat.HEX && (length != HEX_DIGITS || !hex)) {
            here.refuse(
                    "key",
                    secret,
                    "it is " + (hex ? length + " hexadecimal digits" : "not hexadecimal"),
                    "give exactly 64 digits of 0-9 and a-f");
        }
        if (format == KeyFormat.PASSPHRASE && (length < LEAST_PASSPHRASE || length > MOST_PASSPHRASE)) {
            here.refuse("key", secret, "a passphrase of " + length + " bytes is refused by ZFS", "give 8 to 512 bytes");
        }
    }
}
