// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a new dataset is to be encrypted.
 *
 * @param host where it is
 * @param name its name
 * @param properties what it was asked for with
 */
record NewEncryption(FakeHost host, DatasetName name, Map<String, String> properties) {

    static final Set<String> PROPERTIES = Set.of("encryption", "keyformat", "keylocation");

    private static final String STANDARD = "aes-256-gcm";

    private static final Set<String> CIPHERS =
            Set.of("aes-128-ccm", "aes-192-ccm", "aes-256-ccm", "aes-128-gcm", "aes-192-gcm", STANDARD);

    @Nullable
    Crypt under(FakeDataset parent, byte @Nullable [] prompted) {
        String wanted = properties.get("encryption");
        String format = properties.get("keyformat");
        Crypt above = parent.crypt();
        if ("off".equals(wanted) || wanted == null && above == null) {
            if (format != null || properties.containsKey("keylocation")) {
                throw refused("encryption must be on for keyformat or keylocation to be set");
            }
            return null;
        }
        String cipher = cipher(wanted, above);
        if (format == null) {
            if (above == null) {
                throw refused("keyformat required for new encryption root");
            }
            if (!parent.isOpen()) {
                throw new Refusal(
                        Kind.KEY_NOT_LOADED, "cannot create '" + name + "': encryption root's key is not loaded");
            }
            return Crypt.under(parent.encryptionRoot(), cipher, host.guids().next());
        }
        return Crypt.root(cipher, host.guids().next(), key(format, prompted), true);
    }

    private String cipher(@Nullable String wanted, @Nullable Crypt above) {
        if (wanted == null) {
            return above == null ? STANDARD : above.cipher();
        }
        String cipher = wanted.equals("on") ? STANDARD : wanted;
        if (!CIPHERS.contains(cipher)) {
            throw refused("'encryption' must be one of 'off | on | " + String.join(" | ", CIPHERS) + "'");
        }
        return cipher;
    }

    private WrappingKey key(String format, byte @Nullable [] prompted) {
        String location = properties.getOrDefault("keylocation", "prompt");
        byte[] bytes = location.equals("prompt") ? prompted : host.keyAt(location);
        if (bytes == null) {
            throw new Refusal(Kind.WRONG_KEY, "cannot create '" + name + "': no key at " + location);
        }
        if (!WrappingKey.isWellFormed(format, bytes)) {
            throw new Refusal(Kind.WRONG_KEY, "cannot create '" + name + "': that is no key of the format " + format);
        }
        return new WrappingKey(format, location, WrappingKey.normal(format, bytes));
    }

    private Refusal refused(String text) {
        return new Refusal(Kind.INVALID, "cannot create '" + name + "': " + text);
    }
}
