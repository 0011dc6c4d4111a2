// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One row of a listing of datasets: everything about a dataset that planning needs, its history excepted.
 *
 * @param name its full name
 * @param kind filesystem or volume
 * @param guid the identity of this dataset in this pool; not that of its snapshots, and new for each received copy
 * @param createtxg the transaction group in which it came into being
 * @param origin the snapshot that it is a clone of
 * @param encryption how it is encrypted; empty when it is not
 * @param readonly the effective value of {@code readonly}; for a copy made by replication normally on
 * @param mounted whether a filesystem is mounted; false for a volume
 * @param written bytes written since the newest snapshot, or since its creation when it has none. Zero proves that the
 *     dataset is unchanged since that snapshot
 * @param referenced bytes that the dataset reaches, shared with snapshots or not
 * @param used bytes that it and everything below it take, snapshots included
 * @param available bytes that it could still take, quotas considered
 * @param volumeSize the size of a volume in bytes; empty for a filesystem
 * @param resumeToken what an interrupted {@code zfs receive -s} left behind
 * @param snapshotsChanged when a snapshot of it was last made, destroyed or renamed, in seconds since 1970 by the clock of
 *     that host; empty when that never happened, or when the host's OpenZFS (before 2.2) does not say
 */
public record Dataset(
        DatasetName name,
        DatasetKind kind,
        Guid guid,
        long createtxg,
        Optional<SnapshotName> origin,
        Optional<Encryption> encryption,
        boolean readonly,
        boolean mounted,
        long written,
        long referenced,
        long used,
        long available,
        OptionalLong volumeSize,
        Optional<ResumeToken> resumeToken,
        OptionalLong snapshotsChanged) {

    /**
     * How a dataset is encrypted.
     *
     * @param root the dataset whose key opens it: itself, or the ancestor it inherits from
     * @param keyLoaded whether that key is loaded; without it the data can only be sent raw
     */
    public record Encryption(DatasetName root, boolean keyLoaded) {}

    /**
     * The opaque text by which {@code zfs send -t} carries on with an interrupted stream.
     *
     * @param value the token as {@code receive_resume_token} shows it
     */
    public record ResumeToken(String value) {

        /** Short, because a token has several hundred characters that say nothing to a reader. */
        @Override
        public String toString() {
            return value.length() <= 24 ? value : value.substring(0, 24) + "...";
        }
    }
}
