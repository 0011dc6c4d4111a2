// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The full name of a filesystem or volume: {@code pool/child/grandchild}.
 *
 * <p>A name is a label, not an identity: see {@link Guid}. Construction checks what OpenZFS checks (components of ASCII
 * letters, digits and {@code _ - . :} or space, none of them empty, {@code .} or {@code ..}; a pool that starts with a
 * letter; at most {@value #MAX_BYTES} bytes), so that a value of this type can stand in an argument list and never be
 * taken for an option.
 *
 * @param value the whole name
 */
public record DatasetName(String value) implements Comparable<DatasetName> {

    /** The longest name that OpenZFS stores: {@code ZFS_MAX_DATASET_NAME_LEN} less its terminating zero. */
    public static final int MAX_BYTES = 255;

    /**
     * Checks the name.
     *
     * @throws InvalidNameException if OpenZFS would refuse it
     */
    public DatasetName {
        Names.check("dataset name", value, MAX_BYTES);
        char first = value.charAt(0);
        if (!Names.isLetter(first)) {
            throw new InvalidNameException("dataset name", value, "a pool's name starts with a letter");
        }
        for (String component : value.split("/", -1)) {
            Names.checkComponent("dataset name", value, component);
        }
    }

    /**
     * Reads a dataset name.
     *
     * @param text the full name, such as {@code tank/data}
     * @return the name
     * @throws InvalidNameException if OpenZFS would refuse it
     */
    public static DatasetName of(String text) {
        return new DatasetName(text);
    }

    /**
     * The first component.
     *
     * @return the pool's name, which is also the name of its root dataset
     */
    public DatasetName pool() {
        int slash = value.indexOf('/');
        return slash < 0 ? this : new DatasetName(value.substring(0, slash));
    }

    /**
     * The dataset above this one.
     *
     * @return the parent, empty for a pool's root dataset
     */
    public Optional<DatasetName> parent() {
        int slash = value.lastIndexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(new DatasetName(value.substring(0, slash)));
    }

    /**
     * All datasets above this one.
     *
     * @return the pool's root dataset first, the parent last; empty for a pool's root dataset
     */
    public List<DatasetName> ancestors() {
        List<DatasetName> found = new ArrayList<>();
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
            found.add(new DatasetName(value.substring(0, slash)));
        }
        return List.copyOf(found);
    }

    /**
     * A dataset below this one.
     *
     * @param relative one or more components, such as {@code a} or {@code a/b}
     * @return the descendant
     * @throws InvalidNameException if OpenZFS would refuse the resulting name
     */
    public DatasetName child(String relative) {
        return new DatasetName(value + "/" + relative);
    }

    /**
     * Whether a dataset is this one or lies below it.
     *
     * @param other the dataset in question
     * @return true for this name itself and for each descendant
     */
    public boolean contains(DatasetName other) {
        return other.value.startsWith(value)
                && (other.value.length() == value.length() || other.value.charAt(value.length()) == '/');
    }

    /**
     * This name with one subtree's root exchanged for another.
     *
     * @param from a root that {@linkplain #contains contains} this name
     * @param to the root to put in its place
     * @return the mapped name
     * @throws InvalidNameException if the result would be longer than OpenZFS allows
     */
    public DatasetName rebase(DatasetName from, DatasetName to) {
        if (!from.contains(this)) {
            throw new IllegalArgumentException(this + " does not lie in " + from);
        }
        return new DatasetName(to.value + value.substring(from.value.length()));
    }

    /**
     * A snapshot of this dataset.
     *
     * @param label the part after the {@code @}
     * @return its name
     */
    public SnapshotName snapshot(String label) {
        return new SnapshotName(this, label);
    }

    /**
     * A bookmark of this dataset.
     *
     * @param label the part after the {@code #}
     * @return its name
     */
    public BookmarkName bookmark(String label) {
        return new BookmarkName(this, label);
    }

    /**
     * The length that counts against {@link #MAX_BYTES}.
     *
     * @return the number of bytes of the name
     */
    public int bytes() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Orders parents before their children and siblings by name. */
    @Override
    public int compareTo(DatasetName other) {
        int common = Math.min(value.length(), other.value.length());
        for (int i = 0; i < common; i++) {
            char one = value.charAt(i);
            char another = other.value.charAt(i);
            if (one != another) {
                return one == '/' ? -1 : another == '/' ? 1 : one - another;
            }
        }
        return value.length() - other.value.length();
    }

    @Override
    public String toString() {
        return value;
    }
}
