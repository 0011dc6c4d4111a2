// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.select.Candidate;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * What becomes of each snapshot of a source dataset. Kept as some bits a snapshot beside the source's history, so that a million
 * of them can be explained; {@link #runs} is shorter to read. Immutable.
 */
public final class Fates {

    private final History history;
    private final Map<Fate, BitSet> places;

    private Fates(History history, Map<Fate, BitSet> places) {
        this.history = history;
        this.places = places;
    }

    /**
     * Snapshots that follow each other and share their fate.
     *
     * @param fate what becomes of them
     * @param first the label of the oldest
     * @param last the label of the newest
     * @param count how many there are
     */
    public record Run(Fate fate, String first, String last, int count) {}

    /** Without streams nothing is sent; where that is a refusal, what is missing waits for it to be lifted. */
    static Fates of(
            History source,
            History onTarget,
            SnapshotSelection selection,
            List<PlannedStream> streams,
            Decision decision) {
        boolean unclear =
                decision instanceof Decision.Refuse refusal && refusal.reason() == Decision.Reason.SELECTION_UNCLEAR;
        BitSet held = Lineage.held(source, onTarget);
        IntFunction<Candidate> candidates = selection.judge(source);
        List<Snapshot> arriving =
                streams.stream().flatMap(s -> s.arriving().stream()).toList();
        int sent = 0;
        Map<Fate, BitSet> places = new EnumMap<>(Fate.class);
        for (int i = 0; i < source.size(); i++) {
            if (source.isBookmark(i)) {
                continue;
            }
            Fate fate;
            if (sent < arriving.size()
                    && source.guidBits(i) == arriving.get(sent).guid().bits()) {
                fate = Fate.SENT;
                sent++;
            } else if (held.get(i)) {
                fate = Fate.THERE;
            } else {
                fate = unclear ? Fate.REFUSED : Fate.leftOut(candidates.apply(i));
            }
            places.computeIfAbsent(fate, f -> new BitSet()).set(i);
        }
        Fates fates = new Fates(source, places);
        return decision instanceof Decision.Refuse ? fates.refused() : fates;
    }

    /** The same where the dataset is refused after all. */
    Fates refused() {
        Map<Fate, BitSet> changed = new EnumMap<>(Fate.class);
        places.forEach((fate, at) -> changed.computeIfAbsent(
                        fate == Fate.SENT || fate == Fate.GAP ? Fate.REFUSED : fate, f -> new BitSet())
                .or(at));
        return new Fates(history, changed);
    }

    /**
     * How many snapshots have a fate.
     *
     * @param fate which
     * @return 0 where there are none
     */
    public int count(Fate fate) {
        BitSet at = places.get(fate);
        return at == null ? 0 : at.cardinality();
    }

    /** How many the selection leaves out that are newer than what is there. */
    int omitted() {
        int newer = places(Fate.THERE).length();
        int omitted = 0;
        for (Map.Entry<Fate, BitSet> each : places.entrySet()) {
            if (each.getKey().isLeftOut()) {
                omitted += each.getValue()
                        .get(newer, Math.max(newer, history.size()))
                        .cardinality();
            }
        }
        return omitted;
    }

    /**
     * Tells each snapshot's fate.
     *
     * @param reader told its label and its fate, from old to new
     */
    public void forEach(BiConsumer<String, Fate> reader) {
        for (int i = 0; i < history.size(); i++) {
            if (!history.isBookmark(i)) {
                reader.accept(history.label(i), at(i));
            }
        }
    }

    /**
     * The snapshots with one of some fates.
     *
     * @param wanted which fates
     * @return the places of the snapshots in {@link #history}
     */
    public BitSet places(Fate... wanted) {
        BitSet found = new BitSet();
        for (Fate fate : wanted) {
            found.or(places.getOrDefault(fate, new BitSet()));
        }
        return found;
    }

    /**
     * What the source has, or will have when the snapshot to take was taken.
     *
     * @return its history
     */
    public History history() {
        return history;
    }

    /**
     * All snapshots, neighbours of one fate together.
     *
     * @return from old to new
     */
    public List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        forEach((label, fate) -> {
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).fate() == fate) {
                Run longer = runs.get(last);
                runs.set(last, new Run(fate, longer.first(), label, longer.count() + 1));
            } else {
                runs.add(new Run(fate, label, label, 1));
            }
        });
        return runs;
    }

    private Fate at(int place) {
        for (Map.Entry<Fate, BitSet> each : places.entrySet()) {
            if (each.getValue().get(place)) {
                return each.getKey();
            }
        }
        throw new IllegalArgumentException("there is no snapshot at place " + place);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fates that && history.equals(that.history) && places.equals(that.places);
    }

    @Override
    public int hashCode() {
        return places.hashCode();
    }

    /** The runs, for messages of tests. */
    @Override
    public String toString() {
        return runs().toString();
    }
}
