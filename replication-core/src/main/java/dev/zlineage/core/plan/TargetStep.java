// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that is done to a target beside receiving. Steps are the only things in a plan that take anything away there;
 * each says what. A run carries one out only when a fresh look at the dataset plans the very same.
 */
public sealed interface TargetStep {

    /**
     * The dataset that it is done to.
     *
     * @return its name on the target's host
     */
    DatasetName target();

    /**
     * What is done, and why.
     *
     * @return for a reader
     */
    String what();

    /**
     * What is lost by it, one entry for each thing.
     *
     * @return empty when it loses nothing
     */
    List<String> destroys();

    /**
     * Sets {@code readonly=on}, so that nobody writes to the target. Where the user may not set it, the run says so and goes on.
     *
     * @param target what is writable
     */
    record MakeReadonly(DatasetName target) implements TargetStep {

        @Override
        public String what() {
            return "make " + target + " read-only";
        }

        @Override
        public List<String> destroys() {
            return List.of();
        }
    }

    /**
     * Writes the key of a new target into a file of its host.
     *
     * @param target what will be the root of its own encryption
     * @param key its key, and whether it stays in the file
     * @param path the file
     */
    record StoreKey(DatasetName target, EncryptionChoice.OwnKey key, String path) implements TargetStep {

        @Override
        public String what() {
            return key.path().isPresent()
                    ? "store the key of " + target + " in " + path
                    : "keep the key of " + target + " in " + path + " until it is handed over";
        }

        @Override
        public List<String> destroys() {
            return List.of();
        }
    }

    /**
     * Mounts a new filesystem where its properties say. Received mounted, it would have its mountpoint made anew, which changes
     * the filesystem above it; mounted afterwards it finds the one that came with the data. What can't be mounted is warned of.
     *
     * @param target what arrived
     */
    record Mount(DatasetName target) implements TargetStep {

        @Override
        public String what() {
            return "mount " + target;
        }

        @Override
        public List<String> destroys() {
            return List.of();
        }
    }

    /**
     * Makes what was received raw take part in the encryption of the dataset above it, as on the source. Both keys are loaded;
     * what can't be done after all is warned of, and planned again by the next run.
     *
     * @param target what is the root of its own encryption now
     * @param root the root whose key opens it afterwards
     */
    record InheritKey(DatasetName target, DatasetName root) implements TargetStep {

        @Override
        public String what() {
            return "let " + target + " take part in the encryption of " + root + ", as on the source";
        }

        @Override
        public List<String> destroys() {
            return List.of();
        }
    }

    /**
     * Discards what an interrupted receive left, because it can't be carried on.
     *
     * @param target where it lies
     * @param why why not
     * @param bytes how much arrived
     */
    record DiscardPartial(DatasetName target, String why, long bytes) implements TargetStep {

        @Override
        public String what() {
            return "discard the interrupted receive on " + target + ": " + why;
        }

        @Override
        public List<String> destroys() {
            return List.of(bytes + " bytes of an interrupted receive on " + target);
        }
    }

    /**
     * Takes the target back to the newest snapshot that both sides have.
     *
     * @param target what is rolled back
     * @param base where to
     * @param snapshots the target's own newer snapshots, which are destroyed
     * @param bookmarks the newer bookmarks, which stand against a rollback too
     * @param bytes how much was written since the base, as far as that is known
     */
    record RollBack(DatasetName target, Snapshot base, List<Snapshot> snapshots, List<Bookmark> bookmarks, long bytes)
            implements TargetStep {

        /** Copies the lists. */
        public RollBack {
            snapshots = List.copyOf(snapshots);
            bookmarks = List.copyOf(bookmarks);
        }

        @Override
        public String what() {
            return "roll " + target + " back to " + base;
        }

        @Override
        public List<String> destroys() {
            List<String> lost = new ArrayList<>();
            snapshots.forEach(s -> lost.add("snapshot " + target + s + " (GUID " + s.guid() + ")"));
            bookmarks.forEach(b -> lost.add("bookmark " + target + b + " (GUID " + b.guid() + ")"));
            if (bytes > 0) {
                lost.add(bytes + " bytes written to " + target + " since " + base);
            }
            return lost;
        }
    }

    /**
     * Puts a dataset in the target's place, and sets the target aside. Renames only: nothing is lost, and what of it a crash
     * leaves undone the next run finishes.
     *
     * @param target the place
     * @param incoming what takes it
     * @param goal the GUID that it must hold before anything is renamed; empty for a swap that was decided earlier
     */
    record Swap(DatasetName target, DatasetName incoming, Optional<Guid> goal) implements TargetStep {

        @Override
        public String what() {
            return (goal.isPresent() ? "put " : "finish putting ") + incoming + " in the place of " + target
                    + ", which is set aside with all it holds; what lies below it moves along";
        }

        @Override
        public List<String> destroys() {
            return List.of();
        }
    }
}
