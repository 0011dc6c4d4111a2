// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The snapshots and bookmarks of one dataset in the order of their {@code createtxg}; a bookmark stands behind the
 * snapshot that it was made of. Immutable.
 *
 * <p>Kept in columns, so that a million snapshots fit; {@link HistoryPoint} records are made when they are asked for.
 *
 * <p>Messages and tests write a history in one line, points from old to new separated by blanks:
 *
 * <pre>
 * &#64;monday &#64;tuesday #tuesday &#64;wednesday
 * </pre>
 *
 * A point may say its GUID, its transaction group and the time at which it was taken, {@code @monday=4711!20~1767225600}. In
 * a text that leaves the GUID out it is derived from the label, so that equal labels in two such texts are one snapshot; the
 * transaction group left out is ten more than that of the point before, and for a bookmark right behind the snapshot with
 * its GUID the same; the time left out is unknown.
 */
public final class History {

    /** The history of a dataset without snapshots and bookmarks. */
    public static final History EMPTY = new Builder().build();

    private static final long TXG_STEP = 10;

    private final String[] labels;
    private final long[] guids;
    private final long[] createtxgs;
    private final long[] creations;
    private final BitSet bookmarks;
    private final BitSet tagged;

    private History(
            String[] labels, long[] guids, long[] createtxgs, long[] creations, BitSet bookmarks, BitSet tagged) {
        this.labels = labels;
        this.guids = guids;
        this.createtxgs = createtxgs;
        this.creations = creations;
        this.bookmarks = bookmarks;
        this.tagged = tagged;
    }

    /**
     * Reads the one-line notation.
     *
     * @param text points from old to new; blank for the empty history
     * @return the history
     * @throws IllegalArgumentException if a point is not understood
     */
    public static History parse(String text) {
        Builder builder = new Builder();
        if (text.isBlank()) {
            return EMPTY;
        }
        long txg = 0;
        long lastGuid = 0;
        for (String word : text.strip().split("\\s+", -1)) {
            char sigil = word.charAt(0);
            if (sigil != '@' && sigil != '#') {
                throw new IllegalArgumentException("'" + word + "' in a history starts with neither @ nor #");
            }
            int tilde = word.indexOf('~');
            long creation = tilde < 0 ? 0 : Long.parseLong(word.substring(tilde + 1));
            String place = tilde < 0 ? word : word.substring(0, tilde);
            int bang = place.indexOf('!');
            String head = bang < 0 ? place : place.substring(0, bang);
            int equals = head.indexOf('=');
            String label = head.substring(1, equals < 0 ? head.length() : equals);
            long guid = equals < 0 ? defaultGuid(label) : Long.parseUnsignedLong(head.substring(equals + 1));
            if (bang >= 0) {
                txg = Long.parseLong(place.substring(bang + 1));
            } else if (sigil == '@' || guid != lastGuid) {
                txg += TXG_STEP;
            }
            builder.add(sigil == '#', label, guid, txg, creation);
            lastGuid = guid;
        }
        return builder.build();
    }

    /** FNV-1a with a final mix; any spread would do, it only has to be the same everywhere and never zero. */
    private static long defaultGuid(String label) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < label.length(); i++) {
            hash = (hash ^ label.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 29;
        return hash == 0 ? 1 : hash;
    }

    /**
     * How many snapshots and bookmarks there are.
     *
     * @return the number of points
     */
    public int size() {
        return labels.length;
    }

    /**
     * Whether there is neither a snapshot nor a bookmark.
     *
     * @return true for {@link #EMPTY} and its equals
     */
    public boolean isEmpty() {
        return labels.length == 0;
    }

    /**
     * A point by its place.
     *
     * @param index 0 for the oldest
     * @return the point
     */
    public HistoryPoint point(int index) {
        return bookmarks.get(index)
                ? new Bookmark(labels[index], new Guid(guids[index]), createtxgs[index])
                : new Snapshot(labels[index], new Guid(guids[index]), createtxgs[index]);
    }

    /**
     * Whether the point at a place is a bookmark, without making a record of it.
     *
     * @param index 0 for the oldest
     * @return false for a snapshot
     */
    public boolean isBookmark(int index) {
        return bookmarks.get(index);
    }

    /**
     * The label at a place, without making a record of the point.
     *
     * @param index 0 for the oldest
     * @return the part of the name after {@code @} or {@code #}
     */
    public String label(int index) {
        return labels[index];
    }

    /**
     * The GUID at a place, without making a record of the point.
     *
     * @param index 0 for the oldest
     * @return the bits of the {@link Guid}
     */
    public long guidBits(int index) {
        return guids[index];
    }

    /**
     * When the snapshot at a place was taken. It travels with the snapshot, so that it is the same on every pool. A clock said
     * it: schedules and lifetimes may read it, order and identity never.
     *
     * @param index 0 for the oldest
     * @return seconds since 1970 by the clock of the host that took it; 0 where nobody knows
     */
    public long creation(int index) {
        return creations[index];
    }

    /**
     * Whether the snapshot at a place carries the user property that was asked for.
     *
     * @param index 0 for the oldest
     * @return false where nobody asked
     */
    public boolean isTagged(int index) {
        return tagged.get(index);
    }

    /**
     * The same history where some snapshots are known to carry the user property that was asked for.
     *
     * @param carriers the labels of those
     * @return a history that shares its columns with this one
     */
    public History tagged(Set<String> carriers) {
        BitSet places = new BitSet(labels.length);
        for (int i = 0; i < labels.length; i++) {
            places.set(i, !bookmarks.get(i) && carriers.contains(labels[i]));
        }
        return new History(labels, guids, createtxgs, creations, bookmarks, places);
    }

    /**
     * The snapshots alone.
     *
     * @return from old to new
     */
    public List<Snapshot> snapshots() {
        List<Snapshot> found = new ArrayList<>(labels.length - bookmarks.cardinality());
        for (int i = bookmarks.nextClearBit(0); i < labels.length; i = bookmarks.nextClearBit(i + 1)) {
            found.add((Snapshot) point(i));
        }
        return found;
    }

    /**
     * The bookmarks alone.
     *
     * @return from old to new
     */
    public List<Bookmark> bookmarks() {
        List<Bookmark> found = new ArrayList<>(bookmarks.cardinality());
        for (int i = bookmarks.nextSetBit(0); i >= 0; i = bookmarks.nextSetBit(i + 1)) {
            found.add((Bookmark) point(i));
        }
        return found;
    }

    /**
     * The newest snapshot.
     *
     * @return the last in {@code createtxg} order; empty when there is none
     */
    public Optional<Snapshot> newestSnapshot() {
        int last = newestPlace();
        return last < 0 ? Optional.empty() : Optional.of((Snapshot) point(last));
    }

    /**
     * The place of the newest snapshot, without making a record of it.
     *
     * @return -1 when there is none
     */
    public int newestPlace() {
        return bookmarks.previousClearBit(labels.length - 1);
    }

    /**
     * A snapshot by its label.
     *
     * @param label the part of its name after the {@code @}
     * @return the snapshot, if it exists
     */
    public Optional<Snapshot> snapshot(String label) {
        for (int i = bookmarks.nextClearBit(0); i < labels.length; i = bookmarks.nextClearBit(i + 1)) {
            if (labels[i].equals(label)) {
                return Optional.of((Snapshot) point(i));
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a snapshot of this identity is there. A bookmark does not count, it holds no data.
     *
     * @param guid the identity
     * @return true if one of the snapshots has it
     */
    public boolean holds(Guid guid) {
        for (int i = bookmarks.nextClearBit(0); i < labels.length; i = bookmarks.nextClearBit(i + 1)) {
            if (guids[i] == guid.bits()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof History that
                && Arrays.equals(labels, that.labels)
                && Arrays.equals(guids, that.guids)
                && Arrays.equals(createtxgs, that.createtxgs)
                && Arrays.equals(creations, that.creations)
                && bookmarks.equals(that.bookmarks)
                && tagged.equals(that.tagged);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(guids);
    }

    /** The one-line notation, which {@link #parse} reads back to an equal history, as long as nothing is tagged. */
    @Override
    public String toString() {
        StringJoiner line = new StringJoiner(" ");
        long txg = 0;
        long lastGuid = 0;
        for (int i = 0; i < labels.length; i++) {
            StringBuilder word = new StringBuilder();
            word.append(bookmarks.get(i) ? '#' : '@').append(labels[i]);
            if (guids[i] != defaultGuid(labels[i])) {
                word.append('=').append(Long.toUnsignedString(guids[i]));
            }
            long expected = bookmarks.get(i) && guids[i] == lastGuid ? txg : txg + TXG_STEP;
            if (createtxgs[i] != expected) {
                word.append('!').append(createtxgs[i]);
            }
            if (creations[i] != 0) {
                word.append('~').append(creations[i]);
            }
            txg = createtxgs[i];
            lastGuid = guids[i];
            line.add(word);
        }
        return line.toString();
    }

    /** Gathers the points of one history, in any order. Not thread-safe. */
    public static final class Builder {

        private String[] labels = new String[16];
        private long[] guids = new long[16];
        private long[] createtxgs = new long[16];
        private long[] creations = new long[16];
        private final BitSet bookmarks = new BitSet();
        private final BitSet tagged = new BitSet();
        private int size;
        private boolean sorted = true;

        /** Starts with no points. */
        public Builder() {}

        /**
         * Adds a point of unknown age.
         *
         * @param bookmark false for a snapshot
         * @param label the part of the name after {@code @} or {@code #}
         * @param guid the bits of its {@link Guid}
         * @param createtxg its transaction group
         * @return this builder
         */
        public Builder add(boolean bookmark, String label, long guid, long createtxg) {
            return add(bookmark, label, guid, createtxg, 0);
        }

        /**
         * Adds a point.
         *
         * @param bookmark false for a snapshot
         * @param label the part of the name after {@code @} or {@code #}
         * @param guid the bits of its {@link Guid}
         * @param createtxg its transaction group
         * @param creation when the snapshot was taken, in seconds since 1970; 0 where nobody knows
         * @return this builder
         */
        public Builder add(boolean bookmark, String label, long guid, long createtxg, long creation) {
            if (size == labels.length) {
                labels = Arrays.copyOf(labels, size * 2);
                guids = Arrays.copyOf(guids, size * 2);
                createtxgs = Arrays.copyOf(createtxgs, size * 2);
                creations = Arrays.copyOf(creations, size * 2);
            }
            labels[size] = label;
            guids[size] = guid;
            createtxgs[size] = createtxg;
            creations[size] = creation;
            bookmarks.set(size, bookmark);
            sorted &= size == 0 || compare(size - 1, size) <= 0;
            size++;
            return this;
        }

        /**
         * Adds a point of unknown age.
         *
         * @param point a snapshot or bookmark
         * @return this builder
         */
        public Builder add(HistoryPoint point) {
            return add(point instanceof Bookmark, point.label(), point.guid().bits(), point.createtxg());
        }

        /**
         * Adds all points of a history.
         *
         * @param history the points to add
         * @return this builder
         */
        public Builder addAll(History history) {
            for (int i = 0; i < history.size(); i++) {
                tagged.set(size, history.tagged.get(i));
                add(
                        history.bookmarks.get(i),
                        history.labels[i],
                        history.guids[i],
                        history.createtxgs[i],
                        history.creations[i]);
            }
            return this;
        }

        /**
         * The history of what was added so far.
         *
         * @return the points in the order of their {@code createtxg}
         */
        public History build() {
            if (sorted) {
                return new History(
                        Arrays.copyOf(labels, size),
                        Arrays.copyOf(guids, size),
                        Arrays.copyOf(createtxgs, size),
                        Arrays.copyOf(creations, size),
                        (BitSet) bookmarks.clone(),
                        (BitSet) tagged.clone());
            }
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, this::compare);
            Builder inOrder = new Builder();
            for (int i : order) {
                inOrder.tagged.set(inOrder.size, tagged.get(i));
                inOrder.add(bookmarks.get(i), labels[i], guids[i], createtxgs[i], creations[i]);
            }
            return inOrder.build();
        }

        private int compare(int left, int right) {
            int byTxg = Long.compare(createtxgs[left], createtxgs[right]);
            if (byTxg != 0) {
                return byTxg;
            }
            int byKind = Boolean.compare(bookmarks.get(left), bookmarks.get(right));
            return byKind != 0 ? byKind : labels[left].compareTo(labels[right]);
        }
    }
}
