// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import java.util.List;
import java.util.Optional;

/**
 * How targets that do not exist yet are encrypted. One that exists stays as it is.
 *
 * <p>Whatever takes part in another encryption than its source can't be sent raw: an encrypted source is then read, which takes
 * its key, and its properties can't go along.
 */
public sealed interface EncryptionChoice {

    /**
     * What is encrypted on the source is sent raw, and keeps its key. Anything else is encrypted where what lies above the target
     * is.
     *
     * @param keepRoots whether datasets that share a key on the source come to share it on the target. Received raw, each is the
     *     root of an encryption of its own at first; it takes part in that of the dataset above it as soon as the keys of both are
     *     loaded on the target's host
     */
    record AsItComes(boolean keepRoots) implements EncryptionChoice {

        /** Each dataset that is sent raw stays the root of its own encryption. */
        public AsItComes() {
            this(false);
        }
    }

    /** By the key of what lies above the target, which has to be encrypted. */
    record Inherited() implements EncryptionChoice {}

    /**
     * The target is the root of an encryption of its own, in which all below it takes part. Its key is kept in a file of the
     * target's host ({@code keylocation=file://...}), which is written before the first stream, for its owner alone; or it stays
     * in no file and is handed over to a {@link dev.zlineage.core.run.KeySink}, once the target is there.
     *
     * @param key the key or passphrase
     * @param format which of both
     * @param path where on the target's host it is kept: an absolute path, in a folder that is there; empty to hand it over
     */
    record OwnKey(Secret key, KeyFormat format, Optional<String> path) implements EncryptionChoice {

        /**
         * A key that is kept in a file of the target's host.
         *
         * @param key the key or passphrase
         * @param format which of both
         * @param path an absolute path, in a folder that is there
         */
        public OwnKey(Secret key, KeyFormat format, String path) {
            this(key, format, Optional.of(path));
        }

        /**
         * A key that is handed over.
         *
         * @param key the key or passphrase
         * @param format which of both
         */
        public OwnKey(Secret key, KeyFormat format) {
            this(key, format, Optional.empty());
        }
    }

    /**
     * Whether the key of the target is to be handed over to a {@link dev.zlineage.core.run.KeySink}.
     *
     * @return true for a key of its own that stays in no file
     */
    default boolean handsOver() {
        return this instanceof OwnKey own && own.path().isEmpty();
    }

    /** Appends what can't be meant. */
    default void check(List<Problem> problems) {
        if (this instanceof OwnKey own) {
            own.format()
                    .flaw(own.key())
                    .ifPresent(flaw -> problems.add(new Problem(
                            "encryption.key", flaw + "; give " + own.format().demand())));
            own.path()
                    .filter(path -> !path.startsWith("/") || path.endsWith("/"))
                    .ifPresent(path -> problems.add(new Problem(
                            "encryption.path", "'" + path + "' is no absolute path of a file; begin it with /")));
        }
    }
}
