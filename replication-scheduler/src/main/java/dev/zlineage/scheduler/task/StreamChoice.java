// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * In which form a task sends.
 *
 * @param properties whether properties go along
 * @param propertiesExclude which of them are not received
 * @param propertiesOverride which of them are set to another value
 * @param fullFilesystem whether a tree goes with all that belongs to it: properties, clones, deletions
 * @param largeBlocks whether blocks over 128 KiB stay whole
 * @param embedded whether small blocks travel within their pointers
 * @param compressed whether blocks travel as they are compressed on disk
 * @param dedup whether equal blocks travel once; OpenZFS does not do that any more, and it is ignored with a warning
 * @param compression a program to compress streams on their way, for SSH; there is none here, and it has no effect
 * @param bytesPerSecond how fast streams may be; without it, as fast as it goes
 */
public record StreamChoice(
        boolean properties,
        List<String> propertiesExclude,
        Map<String, String> propertiesOverride,
        boolean fullFilesystem,
        boolean largeBlocks,
        boolean embedded,
        boolean compressed,
        boolean dedup,
        Optional<Compression> compression,
        Optional<Long> bytesPerSecond) {

    /** A program that compresses streams. */
    public enum Compression {
        /** {@code lz4}. */
        LZ4,
        /** {@code pigz}. */
        PIGZ,
        /** {@code plzip}. */
        PLZIP,
        /** {@code xz}. */
        XZ
    }

    /** With properties, in plain form: the defaults of a definition file. */
    public static final StreamChoice PLAIN = new StreamChoice(
            true, List.of(), Map.of(), false, false, false, false, false, Optional.empty(), Optional.empty());

    /** Copies the collections, the map in an order that is the same in each JVM. */
    public StreamChoice {
        propertiesExclude = List.copyOf(propertiesExclude);
        propertiesOverride = Collections.unmodifiableMap(new TreeMap<>(propertiesOverride));
    }

    /** Appends what can't be meant. */
    void check(TaskTransport transport, Checks checks) {
        for (int i = 0; i < propertiesExclude.size(); i++) {
            if (propertiesExclude.get(i).isBlank()) {
                checks.refuse("properties-exclude[" + i + "]", "", "it names no property", "remove it");
            }
        }
        propertiesOverride.forEach((name, value) -> {
            if (propertiesExclude.contains(name)) {
                checks.refuse(
                        "properties-override." + name, value, "the property is excluded as well", "say one of the two");
            }
        });
        if (compression.isPresent()
                && (!transport.remote() || transport.toString().equals("ssh+netcat"))) {
            checks.refuse(
                    "compression",
                    compression.get(),
                    "streams over " + transport + " are not compressed by a program",
                    "remove it, or set the transport to ssh");
        }
        bytesPerSecond
                .filter(limit -> limit < 1)
                .ifPresent(limit -> checks.refuse("speed-limit", limit, "nothing would move", "give at least 1"));
    }
}
