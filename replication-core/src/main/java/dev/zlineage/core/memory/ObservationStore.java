// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.memory;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps texts between runs, for a replication that remembers what it found unchanged. It may lose, mix up or age any of them:
 * what can't be used costs one listing of all snapshots, and nothing else. Implementations are safe for use by several threads;
 * they don't throw, since a memory that fails is one that is empty.
 */
public interface ObservationStore {

    /** Keeps nothing, so that all snapshots are listed each time. */
    ObservationStore NONE = new ObservationStore() {
        @Override
        public Optional<String> read(String key) {
            return Optional.empty();
        }

        @Override
        public void write(String key, String text) {}
    };

    /**
     * What was written last under a key.
     *
     * @param key 32 hexadecimal digits
     * @return the text; empty where nothing is known
     */
    Optional<String> read(String key);

    /**
     * Replaces what is kept under a key.
     *
     * @param key 32 hexadecimal digits
     * @param text a line a dataset
     */
    void write(String key, String text);

    /**
     * A store that lives as long as the object.
     *
     * @return an empty one
     */
    static ObservationStore inMemory() {
        Map<String, String> texts = new ConcurrentHashMap<>();
        return new ObservationStore() {
            @Override
            public Optional<String> read(String key) {
                return Optional.ofNullable(texts.get(key));
            }

            @Override
            public void write(String key, String text) {
                texts.put(key, text);
            }
        };
    }
}
