// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
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

    /** The place of a key that is handed over to a {@link dev.zlineage.core.run.KeySink}. */
    public static final String STORE = "$TrueNAS";

    /** As the parent is. */
    public static final TargetEncryption INHERIT =
            new TargetEncryption(true, Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The file in which the key is kept.
     *
     * @return an absolute path on the target; empty where the key goes to a store
     */
    public Optional<String> file() {
        return location.filter(path -> !path.equals(STORE));
    }

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
        location.filter(path -> !path.startsWith("/") && !path.equals(STORE))
                .ifPresent(path -> here.refuse(
                        "key-location", path, "it is neither an absolute path nor $TrueNAS", "begin it with /"));
        key.ifPresent(secret -> format.ifPresent(kind ->
                kind.flaw(secret).ifPresent(flaw -> here.refuse("key", secret, flaw, "give " + kind.demand()))));
    }
}
