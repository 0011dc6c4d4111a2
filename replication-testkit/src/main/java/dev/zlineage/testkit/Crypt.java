// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import org.jspecify.annotations.Nullable;

/** How a dataset is encrypted. */
final class Crypt {

    private final String cipher;
    private final long master;
    /** Only of an encryption root; everything else is opened by the nearest one above. */
    private @Nullable WrappingKey key;

    private boolean loaded;

    Crypt(String cipher, long master, @Nullable WrappingKey key, boolean loaded) {
        this.cipher = cipher;
        this.master = master;
        this.key = key;
        this.loaded = loaded;
    }

    String cipher() {
        return cipher;
    }

    /** Which key the data itself is encrypted with; a raw stream takes it along. */
    long master() {
        return master;
    }

    @Nullable
    WrappingKey key() {
        return key;
    }

    void key(@Nullable WrappingKey newKey) {
        key = newKey;
    }

    boolean loaded() {
        return loaded;
    }

    void loaded(boolean nowLoaded) {
        loaded = nowLoaded;
    }
}
