// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a filesystem held when a snapshot was taken: its files, folders and everything else that has a path, in the order of
 * their paths. Immutable.
 *
 * <p>Kept in columns, some 150 bytes for each entry, so that a million files fit; {@link Entry} records are made when they are
 * asked for.
 */
public final class FileTree implements SnapshotContents {

    private static final int DIGEST_BYTES = 32;

    /** What can have a path. */
    public enum Kind {
        /** A regular file. */
        FILE,
        /** A folder. */
        FOLDER,
        /** A symbolic link. */
        LINK,
        /** A pipe, a socket or a device; or a name that leads nowhere, in a damaged filesystem. */
        OTHER
    }

    /**
     * One of them.
     *
     * @param path below the root of the filesystem, which is the empty path itself. A byte that is not of valid UTF-8 stands
     *     in it as the lone surrogate {@code U+DC00} + byte
     * @param kind what it is
     * @param mode permissions, as the lower 12 bits of {@code st_mode}
     * @param owner the number of the user
     * @param group the number of the group
     * @param size length of a file in bytes; 0 for everything else
     * @param modified when it was changed last
     * @param linkTarget where a link points to; empty for everything else
     * @param sha256 of what a file holds, 64 hexadecimal digits; empty for everything else, and for what can't be read
     * @param readable false where it is damaged, so that reading it fails
     */
    public record Entry(
            String path,
            Kind kind,
            int mode,
            long owner,
            long group,
            long size,
            Instant modified,
            String linkTarget,
            Optional<String> sha256,
            boolean readable) {}

    private final Builder columns;

    private FileTree(Builder columns) {
        this.columns = columns;
    }

    /**
     * How many entries there are.
     *
     * @return at least 1, the root
     */
    public int size() {
        return columns.size;
    }

    /**
     * A path by its place, without making a record.
     *
     * @param index 0 for the first
     * @return the path
     */
    public String path(int index) {
        return columns.paths[index];
    }

    /**
     * An entry by its place.
     *
     * @param index 0 for the first
     * @return the entry
     */
    public Entry entry(int index) {
        return columns.entry(index);
    }

    /** Short: there may be a million entries. */
    @Override
    public String toString() {
        return size() + " entries";
    }

    /** Gathers entries in any order, then the digests of files. Not thread-safe, and of no use once it has built. */
    public static final class Builder {

        private String[] paths = new String[16];
        private Kind[] kinds = new Kind[16];
        private short[] modes = new short[16];
        private int[] owners = new int[16];
        private int[] groups = new int[16];
        private long[] sizes = new long[16];
        private long[] seconds = new long[16];
        private int[] nanos = new int[16];
        private byte[] digests = {};
        private final BitSet digested = new BitSet();
        private final Set<String> unreadable = new TreeSet<>();
        private final Map<String, String> links = new HashMap<>();
        private int size;
        private boolean sorted;

        /** Starts without entries. */
        public Builder() {}

        /**
         * Adds an entry. To be called before the first {@link #digest}.
         *
         * @param path see {@link Entry#path()}
         * @param kind what it is
         * @param mode permissions
         * @param owner the number of the user
         * @param group the number of the group
         * @param bytes the length of a file; not kept for everything else
         * @param modified when it was changed last
         * @param linkTarget where a link points to; empty for everything else
         * @return this builder
         */
        public Builder add(
                String path,
                Kind kind,
                int mode,
                long owner,
                long group,
                long bytes,
                Instant modified,
                String linkTarget) {
            if (size == paths.length) {
                grow(size * 2);
            }
            paths[size] = path;
            kinds[size] = kind;
            modes[size] = (short) mode;
            owners[size] = (int) owner;
            groups[size] = (int) group;
            sizes[size] = kind == Kind.FILE ? bytes : 0;
            seconds[size] = modified.getEpochSecond();
            nanos[size] = modified.getNano();
            if (kind == Kind.LINK) {
                links.put(path, linkTarget);
            }
            size++;
            return this;
        }

        private void grow(int to) {
            paths = Arrays.copyOf(paths, to);
            kinds = Arrays.copyOf(kinds, to);
            modes = Arrays.copyOf(modes, to);
            owners = Arrays.copyOf(owners, to);
            groups = Arrays.copyOf(groups, to);
            sizes = Arrays.copyOf(sizes, to);
            seconds = Arrays.copyOf(seconds, to);
            nanos = Arrays.copyOf(nanos, to);
        }

        /**
         * Tells what a file holds.
         *
         * @param path a file that was added
         * @param sha256 64 hexadecimal digits
         * @return false where no such file was added
         */
        public boolean digest(String path, String sha256) {
            int place = place(path);
            if (place < 0 || kinds[place] != Kind.FILE) {
                return false;
            }
            System.arraycopy(HexFormat.of().parseHex(sha256), 0, digests, place * DIGEST_BYTES, DIGEST_BYTES);
            digested.set(place);
            return true;
        }

        /**
         * Tells that something is damaged, so that it can't be read. A path that was not added is a name that leads nowhere. To be
         * called before the first {@link #digest}.
         *
         * @param path a folder, or a path of which nothing else is known
         * @return this builder
         */
        public Builder unreadable(String path) {
            unreadable.add(path);
            return this;
        }

        private int place(String path) {
            sort();
            return Arrays.binarySearch(paths, 0, size, path);
        }

        private void sort() {
            if (sorted) {
                return;
            }
            sorted = true;
            order();
            int known = size;
            for (String path : unreadable) {
                if (Arrays.binarySearch(paths, 0, known, path) < 0) {
                    add(path, Kind.OTHER, 0, 0, 0, 0, Instant.EPOCH, "");
                }
            }
            order();
            digests = new byte[Math.multiplyExact(size, DIGEST_BYTES)];
        }

        private void order() {
            Integer[] order = new Integer[size];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> paths[a].compareTo(paths[b]));
            Builder inOrder = new Builder();
            for (int at : order) {
                Entry e = entry(at);
                inOrder.add(e.path, e.kind, e.mode, e.owner, e.group, e.size, e.modified, e.linkTarget);
            }
            paths = inOrder.paths;
            kinds = inOrder.kinds;
            modes = inOrder.modes;
            owners = inOrder.owners;
            groups = inOrder.groups;
            sizes = inOrder.sizes;
            seconds = inOrder.seconds;
            nanos = inOrder.nanos;
        }

        /**
         * How many files have no digest.
         *
         * @return those that could not be read
         */
        public int undigested() {
            sort();
            int files = 0;
            for (int i = 0; i < size; i++) {
                files += kinds[i] == Kind.FILE ? 1 : 0;
            }
            return files - digested.cardinality();
        }

        /**
         * The tree of what was added. A file without a digest is one that can't be read.
         *
         * @return the tree
         */
        public FileTree build() {
            sort();
            return new FileTree(this);
        }

        private Entry entry(int i) {
            Kind kind = kinds[i];
            return new Entry(
                    paths[i],
                    kind,
                    modes[i],
                    Integer.toUnsignedLong(owners[i]),
                    Integer.toUnsignedLong(groups[i]),
                    sizes[i],
                    Instant.ofEpochSecond(seconds[i], nanos[i]),
                    links.getOrDefault(paths[i], ""),
                    digested.get(i)
                            ? Optional.of(HexFormat.of().formatHex(digests, i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES))
                            : Optional.empty(),
                    kind == Kind.FILE ? digested.get(i) : !unreadable.contains(paths[i]));
        }
    }
}
