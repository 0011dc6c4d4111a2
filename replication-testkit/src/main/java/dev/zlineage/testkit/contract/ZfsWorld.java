// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import java.util.List;
import java.util.Map;

/**
 * A host with two pools on which {@link ZfsContractTest} runs, and what happens on such a host besides replication: people
 * who write files, read them, and use other tools.
 *
 * <p>What is written here is visible to {@code written} when the method returns ({@code zpool sync}).
 */
public interface ZfsWorld {

    /**
     * The port that is tested.
     *
     * @return the same at each call, or another for the same host
     */
    Zfs zfs();

    /**
     * A new filesystem, mounted, with nothing in it and all properties at their defaults.
     *
     * @return its name, of at most 40 bytes
     */
    DatasetName sandbox();

    /**
     * The same in another pool of the host.
     *
     * @return its name, of at most 40 bytes
     */
    DatasetName backupSandbox();

    /**
     * A new filesystem in a pool that has room for less than 4 MiB.
     *
     * @return its name, of at most 40 bytes
     */
    DatasetName crampedSandbox();

    /**
     * Makes a filesystem that is the root of an encryption, as someone does who types a passphrase ({@code
     * keyformat=passphrase}, {@code keylocation=prompt}). The key is loaded and the filesystem mounted.
     *
     * @param name its name; the parent exists
     * @param passphrase of 8 or more ASCII characters
     */
    void createEncrypted(DatasetName name, String passphrase);

    /**
     * Mounts a filesystem, as someone does who wants to look at a replica or to go on with it.
     *
     * @param filesystem one that is not mounted
     */
    void mount(DatasetName filesystem);

    /**
     * Unmounts a filesystem and all below it.
     *
     * @param filesystem one that is mounted
     */
    void unmount(DatasetName filesystem);

    /**
     * Writes a file, replacing what it held.
     *
     * @param filesystem a mounted filesystem
     * @param file its path in the filesystem; its folder exists
     * @param text what it holds then
     */
    void write(DatasetName filesystem, String file, String text);

    /**
     * Writes a file that cannot be compressed and has other contents at each call.
     *
     * @param filesystem a mounted filesystem
     * @param file its path in the filesystem; its folder exists
     * @param kibibytes its size
     */
    void fill(DatasetName filesystem, String file, int kibibytes);

    /**
     * Deletes a file.
     *
     * @param filesystem a mounted filesystem
     * @param file its path in the filesystem
     */
    void delete(DatasetName filesystem, String file);

    /**
     * Reads a file as any program would, which sets its time of access where {@code atime} says so.
     *
     * @param filesystem a mounted filesystem
     * @param file its path in the filesystem
     */
    void read(DatasetName filesystem, String file);

    /**
     * What a filesystem holds now.
     *
     * @param filesystem mounted or not; its key is loaded
     * @return for each file its path and a digest of its contents
     */
    Map<String, String> contents(DatasetName filesystem);

    /**
     * What a filesystem held when a snapshot was taken.
     *
     * @param snapshot of a filesystem that is mounted or not; its key is loaded
     * @return for each file its path and a digest of its contents
     */
    Map<String, String> contents(SnapshotName snapshot);

    /**
     * Receives a stream as other tools do, with {@code zfs receive -F}: changes and newer snapshots are gone without a
     * word. The port offers no such thing.
     *
     * @param stream a whole stream
     * @param target where to
     * @return whether it succeeded
     */
    boolean receiveForced(byte[] stream, DatasetName target);

    /**
     * Runs {@code zfs} as root does at a prompt.
     *
     * @param arguments the verb and what follows it
     * @return its exit code and what it printed
     */
    CommandOutcome.Exited typed(List<String> arguments);

    /**
     * Damages blocks of a file on the disk, so that reading it fails, in the filesystem and in its snapshots.
     *
     * @param filesystem mounted or not
     * @param file its path in the filesystem; it has at least 128 KiB
     */
    void damage(DatasetName filesystem, String file);

    /** Returns when the clock of the host shows another second than before. */
    void awaitNextSecond();

    /**
     * Destroys a sandbox with everything in it, holds, clones and half-received datasets included.
     *
     * @param sandbox one of those that this world made
     */
    void discard(DatasetName sandbox);
}
