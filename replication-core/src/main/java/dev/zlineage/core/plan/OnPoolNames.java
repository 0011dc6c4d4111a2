// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

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
record OnPoolNames(String destination) {

    private static final String PREFIX = "zl1-";
    private static final String DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int DESTINATION_LENGTH = 8;

    static OnPoolNames of(Dataset poolRoot, DatasetName target) {
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

    static OnPoolNames ofHoldTag(String tag) {
        return new OnPoolNames(tag.substring(PREFIX.length()));
    }

    String holdTag() {
        return PREFIX + destination;
    }

    /** The bookmark for a snapshot; empty where the dataset's name leaves no room for it. */
    Optional<BookmarkName> bookmark(DatasetName dataset, Guid guid) {
        String label = label(guid);
        return dataset.bytes() + 1 + label.length() > DatasetName.MAX_BYTES
                ? Optional.empty()
                : Optional.of(dataset.bookmark(label));
    }

    /** The bookmarks of this destination. One counts only when its name carries the GUID that it has. */
    List<Bookmark> ours(History source) {
        return source.bookmarks().stream()
                .filter(bookmark -> bookmark.label().equals(label(bookmark.guid())))
                .toList();
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
