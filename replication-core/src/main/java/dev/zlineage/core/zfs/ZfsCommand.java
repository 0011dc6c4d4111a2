// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Something that a host can be asked to do, streams excepted. A value: it can be printed, compared, planned and sent.
 *
 * <p>Commands that change something say which of them are safe to repeat; those answer {@link Effect#ALREADY} when there
 * is nothing left to do.
 *
 * @param <R> what a success answers
 */
public sealed interface ZfsCommand<R> {

    /** A command that changes something on the host. */
    sealed interface Change extends ZfsCommand<Effect> {}

    /**
     * Lists datasets. A name that does not exist is absent from the answer, which is no failure.
     *
     * @param names where to look
     * @param scope the names alone, or all below them too
     */
    record ListDatasets(List<DatasetName> names, Scope scope) implements ZfsCommand<List<Dataset>> {}

    /**
     * Lists snapshots and bookmarks. A dataset that has none, or that does not exist, is absent from the answer, which is
     * no failure.
     *
     * @param names whose histories
     * @param scope the names alone, or all below them too
     */
    record ListHistories(List<DatasetName> names, Scope scope) implements ZfsCommand<Map<DatasetName, History>> {}

    /**
     * Asks how many bytes each snapshot wrote since the snapshot before it in its dataset; zero proves that it holds no
     * change. A name that does not exist is absent from the answer.
     *
     * @param snapshots the snapshots in question
     */
    record ListWritten(List<SnapshotName> snapshots) implements ZfsCommand<Map<SnapshotName, Long>> {}

    /**
     * Asks how many bytes would be free if a snapshot were destroyed, and it alone. A name that does not exist is absent from
     * the answer.
     *
     * @param snapshots the snapshots in question
     */
    record ListUsed(List<SnapshotName> snapshots) implements ZfsCommand<Map<SnapshotName, Long>> {}

    /**
     * Lists the tags that hold snapshots. Each of the snapshots has an entry in the answer, which may be empty.
     *
     * @param snapshots the snapshots in question; one that does not exist fails the command
     */
    record ListHolds(List<SnapshotName> snapshots) implements ZfsCommand<Map<SnapshotName, Set<String>>> {}

    /**
     * Lists the tags that hold snapshots, each with the time at which it was set, in seconds since 1970 by the clock of that
     * host. OpenZFS tells that since 2.2; before, this fails. A snapshot that does not exist fails the command.
     *
     * @param snapshots the snapshots in question
     */
    record ListHoldTimes(List<SnapshotName> snapshots) implements ZfsCommand<Map<SnapshotName, Map<String, Long>>> {}

    /**
     * Asks since when a dataset keeps what an interrupted receive left, in seconds since 1970 by the clock of that host. Only for
     * a dataset with a resume token.
     *
     * @param target the dataset that was being received
     */
    record PartialSince(DatasetName target) implements ZfsCommand<Long> {}

    /**
     * Reads properties.
     *
     * @param names whose properties; one that does not exist fails the command
     * @param properties native or user properties. A user property that is not set answers the value and the source
     *     {@code -}
     */
    record GetProperties(List<DatasetName> names, List<String> properties) implements ZfsCommand<List<PropertyValue>> {}

    /**
     * Reads one user property of the snapshots of datasets. Only values that were set on the snapshots themselves are in the
     * answer: not those that they inherit from their dataset, and not those that came with a stream. A dataset or a snapshot
     * without is absent, which is no failure.
     *
     * @param names whose snapshots
     * @param scope the names alone, or all below them too
     * @param property a user property: its name has a colon
     */
    record ListSnapshotProperty(List<DatasetName> names, Scope scope, String property)
            implements ZfsCommand<Map<SnapshotName, String>> {}

    /**
     * Lists the properties that were set on a dataset itself, native and user properties: not those that it inherits or
     * received.
     *
     * @param dataset whose; one that does not exist fails the command
     */
    record ListLocalProperties(DatasetName dataset) implements ZfsCommand<Map<String, String>> {}

    /**
     * Lists the features that a pool knows ({@code zpool get}). A feature that its OpenZFS does not know is absent.
     *
     * @param pool the root dataset of the pool
     */
    record ListFeatures(DatasetName pool) implements ZfsCommand<Map<String, PoolFeature>> {}

    /**
     * Asks what the user that this host is used as may do on some datasets, and on new ones below them. For root, and by sudo
     * or doas, the answer is known without asking. Where it can't be told who the user is, this fails.
     *
     * @param names the datasets; what was granted on those above them is in the answer too. A name that does not exist is no
     *     failure
     */
    record ListPermissions(List<DatasetName> names) implements ZfsCommand<Permissions> {}

    /**
     * Counts the files, directories and other objects of a filesystem that some user owns ({@code zfs userspace}). A new
     * filesystem has one, its root directory.
     *
     * @param filesystem which
     */
    record CountObjects(DatasetName filesystem) implements ZfsCommand<Long> {}

    /**
     * Estimates the size of a stream, in bytes. Only ever an estimate: it can be far off.
     *
     * @param stream what would be sent
     */
    record EstimateSend(SendStream stream) implements ZfsCommand<Long> {}

    /**
     * Reads what a resume token says. The answer does not depend on what this host holds; a token that can't be read fails
     * with {@link ZfsFailure.Kind#TOKEN_CORRUPT}.
     *
     * @param token what an interrupted receive left
     */
    record ReadToken(Dataset.ResumeToken token) implements ZfsCommand<TokenContents> {}

    /**
     * Reads everything that a snapshot holds, and answers digests of it; they are computed on that host. What can't be read
     * because its blocks are damaged is an entry of the answer, and no failure. Takes as long as reading takes.
     *
     * <p>Changes nothing that lasts: a filesystem's snapshot is mounted for the while, a volume's is cloned. Needs the right to
     * do so. An encrypted dataset whose key is not loaded fails with {@link ZfsFailure.Kind#KEY_NOT_LOADED}.
     *
     * @param snapshot which
     */
    record ReadContents(SnapshotName snapshot) implements ZfsCommand<SnapshotContents> {}

    /**
     * Takes snapshots of one pool in one transaction group: all or none.
     *
     * @param names what to take
     * @param scope {@link Scope#SUBTREE} takes the same label on all descendants too
     * @param userProperties user properties of the new snapshots
     */
    record TakeSnapshots(List<SnapshotName> names, Scope scope, Map<String, String> userProperties) implements Change {}

    /**
     * Makes a bookmark. A bookmark of that name fails the command with {@link ZfsFailure.Kind#ALREADY_EXISTS}, whatever
     * it was made of.
     *
     * @param of a snapshot, or (OpenZFS 2.0 and later) a bookmark to copy
     * @param bookmark the new bookmark, of the same dataset
     */
    record CreateBookmark(PointName of, BookmarkName bookmark) implements Change {}

    /**
     * Holds snapshots, so that they can't be destroyed. Safe to repeat; not atomic over several snapshots.
     *
     * @param tag the name of the hold
     * @param snapshots what to hold
     */
    record Hold(String tag, List<SnapshotName> snapshots) implements Change {}

    /**
     * Releases holds. Safe to repeat, also when a snapshot is gone; not atomic over several snapshots.
     *
     * @param tag the name of the hold
     * @param snapshots what to release
     */
    record Release(String tag, List<SnapshotName> snapshots) implements Change {}

    /**
     * Destroys snapshots of one dataset: all of them or, when one is held, cloned or busy, none. Safe to repeat.
     *
     * @param dataset whose snapshots
     * @param labels the parts of their names after the {@code @}
     */
    record DestroySnapshots(DatasetName dataset, List<String> labels) implements Change {}

    /**
     * Destroys a bookmark. Safe to repeat.
     *
     * @param bookmark which
     */
    record DestroyBookmark(BookmarkName bookmark) implements Change {}

    /**
     * Destroys a dataset. One with children or, for {@link Scope#SELF}, with snapshots fails.
     *
     * @param dataset which
     * @param scope {@link Scope#SUBTREE} destroys its snapshots and everything below it as well
     */
    record DestroyDataset(DatasetName dataset, Scope scope) implements Change {}

    /**
     * Takes a dataset back to a snapshot; what was written since is lost.
     *
     * @param snapshot where to go back to
     * @param destroyNewer whether newer snapshots and bookmarks are destroyed; otherwise they fail the command
     */
    record Rollback(SnapshotName snapshot, boolean destroyNewer) implements Change {}

    /**
     * Renames a dataset with everything below it, and leaves mounts as they are.
     *
     * @param from its name
     * @param to its new name, in the same pool
     */
    record RenameDataset(DatasetName from, DatasetName to) implements Change {}

    /**
     * Renames a snapshot.
     *
     * @param from its name
     * @param label the new part after the {@code @}
     */
    record RenameSnapshot(SnapshotName from, String label) implements Change {}

    /**
     * Creates a filesystem. It is mounted as its properties say; {@code canmount=off} keeps it from that.
     *
     * @param name its name; the parent must exist
     * @param properties native and user properties to set
     */
    record CreateFilesystem(DatasetName name, Map<String, String> properties) implements Change {}

    /**
     * Creates a volume.
     *
     * @param name its name; the parent must exist
     * @param size its size in bytes
     * @param properties native and user properties to set
     */
    record CreateVolume(DatasetName name, long size, Map<String, String> properties) implements Change {}

    /**
     * Clones a snapshot.
     *
     * @param origin what to clone
     * @param name the new dataset, in the same pool
     * @param properties native and user properties to set
     */
    record CloneSnapshot(SnapshotName origin, DatasetName name, Map<String, String> properties) implements Change {}

    /**
     * Promotes a clone: the history up to its origin moves from the original to the clone.
     *
     * @param promoted the clone
     */
    record Promote(DatasetName promoted) implements Change {}

    /**
     * Sets properties.
     *
     * @param dataset whose
     * @param properties native and user properties with their values
     */
    record SetProperties(DatasetName dataset, Map<String, String> properties) implements Change {}

    /**
     * Takes a property's local value away, so that it is inherited.
     *
     * @param dataset whose
     * @param property a native or user property
     */
    record InheritProperty(DatasetName dataset, String property) implements Change {}

    /**
     * Mounts a filesystem at its mountpoint. Safe to repeat. One that says {@code canmount=off}, {@code mountpoint=none} or
     * {@code legacy} fails the command with {@link ZfsFailure.Kind#INVALID}.
     *
     * @param filesystem which
     */
    record Mount(DatasetName filesystem) implements Change {}

    /**
     * Loads the key of an encryption root.
     *
     * @param root the encryption root
     * @param key its key or passphrase, which reaches {@code zfs} on standard input
     */
    record LoadKey(DatasetName root, Secret key) implements Change {}

    /**
     * Asks whether a key opens an encryption root, whether or not it is loaded. One that does not fails with
     * {@link ZfsFailure.Kind#WRONG_KEY}.
     *
     * @param root the encryption root
     * @param key the key or passphrase in question, which reaches {@code zfs} on standard input
     */
    record CheckKey(DatasetName root, Secret key) implements ZfsCommand<Effect> {}

    /**
     * Unloads the key of an encryption root.
     *
     * @param root the encryption root; nothing below it may be mounted
     */
    record UnloadKey(DatasetName root) implements Change {}

    /**
     * Makes an encryption root take part in the encryption of the dataset above it. What it holds is not written anew, and
     * counts as unchanged; raw increments go on. Both keys have to be loaded, or it fails with
     * {@link ZfsFailure.Kind#KEY_NOT_LOADED}. Safe to repeat.
     *
     * @param dataset the encryption root that is to be none any more
     */
    record InheritKey(DatasetName dataset) implements Change {}

    /**
     * Writes a key into a file of the host, for {@code keylocation=file://...}. The file can be read by its owner alone, and is
     * there whole or not at all. Safe to repeat; a file that holds something else is left as it is and fails the command with
     * {@link ZfsFailure.Kind#ALREADY_EXISTS}.
     *
     * @param path where, absolute; the folder must be there
     * @param key what to write, which reaches the host on standard input
     */
    record StoreKey(String path, Secret key) implements Change {

        /**
         * Checks the path.
         *
         * @throws IllegalArgumentException if it is not absolute
         */
        public StoreKey {
            requireAbsolute(path);
        }
    }

    /**
     * Removes a file that {@link StoreKey} wrote. Safe to repeat.
     *
     * @param path where it is, absolute
     */
    record RemoveKey(String path) implements Change {

        /**
         * Checks the path.
         *
         * @throws IllegalArgumentException if it is not absolute
         */
        public RemoveKey {
            requireAbsolute(path);
        }
    }

    /**
     * Discards what an interrupted receive left. A dataset without such state fails with
     * {@link ZfsFailure.Kind#NO_PARTIAL_STATE}.
     *
     * @param target the dataset that was being received
     */
    record AbortReceive(DatasetName target) implements Change {}

    private static void requireAbsolute(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException("'" + path + "' is no absolute path of a file");
        }
    }
}
