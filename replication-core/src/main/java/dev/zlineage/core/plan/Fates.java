// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.select.Candidate;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * What becomes of each snapshot of a source dataset. Kept as one byte a snapshot beside the source's history, so that a million
 * of them can be explained; {@link #runs} is shorter to read. Immutable.
 */
public final class Fates {

    /** Of a dataset without snapshots, or of which nothing is known. */
    public static final Fates NONE = new Fates(History.EMPTY, new byte[0]);

    private static final byte BOOKMARK = -1;
    private static final Fate[] FATES = Fate.values();

    private final History history;
    private final byte[] fates;

    private Fates(History history, byte[] fates) {
        this.history = history;
        this.fates = fates;
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
        boolean refused = decision instanceof Decision.Refuse;
        boolean unclear =
                decision instanceof Decision.Refuse refusal && refusal.reason() == Decision.Reason.SELECTION_UNCLEAR;
        BitSet held = Lineage.held(source, onTarget);
        IntFunction<Candidate> candidates = selection.judge(source);
        Iterator<Snapshot> arriving =
                streams.stream().flatMap(s -> s.arriving().stream()).iterator();
        long next = next(arriving);
        byte[] fates = new byte[source.size()];
        for (int i = 0; i < fates.length; i++) {
            if (source.isBookmark(i)) {
                fates[i] = BOOKMARK;
                continue;
            }
            Fate fate;
            if (next != 0 && source.guidBits(i) == next) {
                fate = Fate.SENT;
                next = next(arriving);
            } else if (held.get(i)) {
                fate = Fate.THERE;
            } else {
                fate = unclear ? Fate.REFUSED : Fate.leftOut(candidates.apply(i));
            }
            fates[i] = (byte) (refused && fate == Fate.GAP ? Fate.REFUSED : fate).ordinal();
        }
        return new Fates(source, fates);
    }

    private static long next(Iterator<Snapshot> arriving) {
        return arriving.hasNext() ? arriving.next().guid().bits() : 0;
    }

    /** The same where the dataset is refused after all. */
    Fates refused() {
        byte[] changed = fates.clone();
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == Fate.SENT.ordinal() || changed[i] == Fate.GAP.ordinal()) {
                changed[i] = (byte) Fate.REFUSED.ordinal();
            }
        }
        return new Fates(history, changed);
    }

    /**
     * How many snapshots have a fate.
     *
     * @param fate which
     * @return 0 where there are none
     */
    public int count(Fate fate) {
        int count = 0;
        for (byte each : fates) {
            count += each == fate.ordinal() ? 1 : 0;
        }
        return count;
    }

    /** How many the selection leaves out that are newer than what is there. */
    int omitted() {
        int omitted = 0;
        for (int i = fates.length - 1; i >= 0 && fates[i] != Fate.THERE.ordinal(); i--) {
            omitted += fates[i] != BOOKMARK && FATES[fates[i]].isLeftOut() ? 1 : 0;
        }
        return omitted;
    }

    /**
     * Tells each snapshot's fate.
     *
     * @param reader told its label and its fate, from old to new
     */
    public void forEach(BiConsumer<String, Fate> reader) {
        for (int i = 0; i < fates.length; i++) {
            if (fates[i] != BOOKMARK) {
                reader.accept(history.label(i), FATES[fates[i]]);
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
        List<Fate> list = List.of(wanted);
        BitSet places = new BitSet(fates.length);
        for (int i = 0; i < fates.length; i++) {
            places.set(i, fates[i] != BOOKMARK && list.contains(FATES[fates[i]]));
        }
        return places;
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
        int first = -1;
        int last = -1;
        int count = 0;
        for (int i = 0; i < fates.length; i++) {
            if (fates[i] == BOOKMARK) {
                continue;
            }
            if (first >= 0 && fates[i] != fates[first]) {
                runs.add(run(first, last, count));
                count = 0;
            }
            first = count == 0 ? i : first;
            last = i;
            count++;
        }
        if (count > 0) {
            runs.add(run(first, last, count));
        }
        return runs;
    }

    private Run run(int first, int last, int count) {
        return new Run(FATES[fates[first]], history.label(first), history.label(last), count);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fates that && history.equals(that.history) && Arrays.equals(fates, that.fates);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(fates);
    }

    /** The runs, for messages of tests. */
    @Override
    public String toString() {
        return runs().toString();
    }
}
