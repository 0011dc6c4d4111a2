// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * What we write on a source pool, version 1 of {@code docs/on-pool-format.md}: the names of bookmarks and hold tags of one
 * destination.
 *
 * @param destination 8 characters that stand for the target of a request: derived from the identity of the target pool's
 *     root dataset and the target's path below it, so that they are known before the target exists and survive a rename of
 *     the pool or the host
 */
public record OnPoolNames(String destination) {

    private static final String PREFIX = "zl1-";
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String OPEN = "-open";
    private static final int DESTINATION_LENGTH = 8;
    private static final int TAG_LENGTH = PREFIX.length() + DESTINATION_LENGTH;

    /**
     * The names for one target.
     *
     * @param poolRoot the root dataset of its pool
     * @param target the target of a request
     * @return its names
     */
    public static OnPoolNames of(Dataset poolRoot, DatasetName target) {
        String path = target.value().substring(poolRoot.name().value().length());
        byte[] digest = sha256(poolRoot.guid().hex() + path);
        StringBuilder id = new StringBuilder();
        long bits = 0;
        for (int i = 0; i < 5; i++) {
            bits = bits << 8 | digest[i] & 0xff;
        }
        for (int i = DESTINATION_LENGTH - 1; i >= 0; i--) {
            id.append(DIGITS.charAt((int) (bits >>> i * 5) & 31));
        }
        return new OnPoolNames(id.toString());
    }

    /**
     * The names that go with a hold tag.
     *
     * @param tag one that {@link #holdTag} gave
     * @return the same names
     */
    public static OnPoolNames ofHoldTag(String tag) {
        return new OnPoolNames(tag.substring(PREFIX.length()));
    }

    /**
     * The tag of holds.
     *
     * @return such as {@code zl1-abcdefgh}
     */
    public String holdTag() {
        return PREFIX + destination;
    }

    /**
     * The file of the target's host in which the key of a new target waits to be handed over: in memory, readable for its owner
     * alone. While {@code keylocation} names it, that has not been done.
     *
     * @return an absolute path
     */
    public String keyFile() {
        return "/dev/shm/" + holdTag() + ".key";
    }

    /**
     * The bookmark for a snapshot.
     *
     * @param dataset the dataset of the source
     * @param guid the snapshot's identity
     * @return empty where the dataset's name leaves no room for it
     */
    public Optional<BookmarkName> bookmark(DatasetName dataset, Guid guid) {
        String label = label(guid);
        return dataset.bytes() + 1 + label.length() > DatasetName.MAX_BYTES
                ? Optional.empty()
                : Optional.of(dataset.bookmark(label));
    }

    /**
     * The bookmarks of this destination. One counts only when its name carries the GUID that it has.
     *
     * @param source the history of a dataset of the source
     * @return those of ours
     */
    public List<Bookmark> ours(History source) {
        return source.bookmarks().stream()
                .filter(bookmark -> bookmark.label().equals(label(bookmark.guid())))
                .toList();
    }

    /**
     * The bookmark that tells, while a dataset is sent from the beginning and has no older bookmark to replace, that what it is
     * to end in may be held.
     *
     * @param dataset the dataset of the source
     * @return empty where the dataset's name leaves no room for it
     */
    public Optional<BookmarkName> open(DatasetName dataset) {
        String label = holdTag() + OPEN;
        return dataset.bytes() + 1 + label.length() > DatasetName.MAX_BYTES
                ? Optional.empty()
                : Optional.of(dataset.bookmark(label));
    }

    /**
     * The destination that a bookmark was made for.
     *
     * @param bookmark any bookmark
     * @return empty where it is not one of ours
     */
    public static Optional<String> destinationOf(Bookmark bookmark) {
        return destinationOfTag(
                        bookmark.label().length() > TAG_LENGTH
                                ? bookmark.label().substring(0, TAG_LENGTH)
                                : "")
                .filter(id -> bookmark.label().equals(new OnPoolNames(id).label(bookmark.guid()))
                        || bookmark.label().equals(PREFIX + id + OPEN));
    }

    /**
     * The destination that a hold was made for.
     *
     * @param tag the tag of any hold
     * @return empty where it is not one of ours
     */
    public static Optional<String> destinationOfTag(String tag) {
        return tag.matches(PREFIX + "[a-z2-7]{" + DESTINATION_LENGTH + "}")
                ? Optional.of(tag.substring(PREFIX.length()))
                : Optional.empty();
    }

    private String label(Guid guid) {
        return PREFIX + destination + "-" + guid.hex();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
