// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.zfs.Guid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What ever was: every snapshot that people made on either side, and what they wrote on the target. */
final class Chronicle {

    private static final int TOLD = Integer.getInteger("told", 40);

    /** What each snapshot of the source, or of somebody on the target, holds. */
    final Map<Guid, Map<String, String>> madeByPeople = new HashMap<>();

    /** Texts that people wrote on the target, and have not given up since. */
    final Set<String> written = new HashSet<>();

    final Map<Mishap, Integer> mishaps = new EnumMap<>(Mishap.class);

    /** Whether people gave a snapshot of the source another name, or another dataset. */
    boolean moved;

    /** Those of retention. */
    final Map<Mishap, Integer> retentions = new EnumMap<>(Mishap.class);

    /** How many snapshots retention has destroyed. */
    long destroyed;

    private final Deque<String> story = new ArrayDeque<>();
    private long steps;

    /** One more step, of people or of the engine. */
    void step(String what) {
        steps++;
        story.add(what);
        if (story.size() > TOLD) {
            story.remove();
        }
    }

    long steps() {
        return steps;
    }

    /** The last steps, for the message of a failure. */
    String story() {
        return String.join("\n  ", story);
    }
}
