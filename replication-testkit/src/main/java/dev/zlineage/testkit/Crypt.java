// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import org.jspecify.annotations.Nullable;

/** How a dataset is encrypted. */
final class Crypt {

    private final String cipher;
    private final long master;
    /** Only of an encryption root. */
    private @Nullable WrappingKey key;

    private boolean loaded;
    /** The encryption root of everything else: mostly one above, but that of a clone is its origin's. */
    private @Nullable FakeDataset root;

    private Crypt(String cipher, long master) {
        this.cipher = cipher;
        this.master = master;
    }

    static Crypt root(String cipher, long master, WrappingKey key, boolean loaded) {
        Crypt crypt = new Crypt(cipher, master);
        crypt.key = key;
        crypt.loaded = loaded;
        return crypt;
    }

    static Crypt under(@Nullable FakeDataset root, String cipher, long master) {
        Crypt crypt = new Crypt(cipher, master);
        crypt.root = root;
        return crypt;
    }

    /** The dataset whose key opens this one; null for an encryption root. */
    @Nullable
    FakeDataset root() {
        return root;
    }

    /** Another one is the root from now on. */
    void opensWith(FakeDataset newRoot) {
        key = null;
        loaded = false;
        root = newRoot;
    }

    /** It takes over as the root. */
    void becomesRoot(WrappingKey newKey, boolean nowLoaded) {
        key = newKey;
        loaded = nowLoaded;
        root = null;
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

    void key(WrappingKey newKey) {
        key = newKey;
    }

    boolean loaded() {
        return loaded;
    }

    void loaded(boolean nowLoaded) {
        loaded = nowLoaded;
    }
}
