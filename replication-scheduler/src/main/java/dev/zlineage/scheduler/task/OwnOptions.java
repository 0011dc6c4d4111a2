// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.run.Patience;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.SnapshotSelection;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What a replication task can say here that no other format of tasks has: the block {@code zlineage} of a definition file.
 * Change one of the {@link #DEFAULTS}; more will be added.
 *
 * @param parallel how many datasets are sent at the same time, 1 to 64
 * @param stall for how long no byte of a stream may move before it is cut and carried on
 * @param onDivergence what is done where the target has something of its own; without it that is refused, or what
 *     {@link ReplicationTask#fromScratch} says
 * @param trustBookmarks whether a bookmark alone is a base although the source is read-only, and so may be a replica that was
 *     rolled back
 * @param ignoreRoom whether a new dataset is sent in full although the target has less room than it takes on the source
 * @param tagged the user property of the snapshots that are sent, {@code NAME} or {@code NAME=VALUE}, in place of schemas and
 *     expressions
 * @param clones whether clones stay clones, where what they are clones of is replicated too
 * @param prune how long a dataset has to be gone on the source before its copy is destroyed; without it, copies stay
 */
public record OwnOptions(
        int parallel,
        Duration stall,
        Optional<DivergencePolicy> onDivergence,
        boolean trustBookmarks,
        boolean ignoreRoom,
        Optional<String> tagged,
        boolean clones,
        Optional<Duration> prune) {

    /** The most streams that a task may have at the same time. */
    public static final int MOST_PARALLEL = 64;

    /** Four datasets at a time, a quarter of an hour without a byte, nothing given up or risked. */
    public static final OwnOptions DEFAULTS = new OwnOptions(
            4, Patience.DEFAULT.stall(), Optional.empty(), false, false, Optional.empty(), true, Optional.empty());

    /**
     * The same with another number of streams.
     *
     * @param streams at the same time, 1 to {@link #MOST_PARALLEL}
     * @return a changed copy
     */
    public OwnOptions withParallel(int streams) {
        return new OwnOptions(streams, stall, onDivergence, trustBookmarks, ignoreRoom, tagged, clones, prune);
    }

    /**
     * The same with another bound for streams that stand still.
     *
     * @param without for how long no byte may move
     * @return a changed copy
     */
    public OwnOptions withStall(Duration without) {
        return new OwnOptions(parallel, without, onDivergence, trustBookmarks, ignoreRoom, tagged, clones, prune);
    }

    /**
     * The same with a remedy for targets that have something of their own.
     *
     * @param policy which
     * @return a changed copy
     */
    public OwnOptions withOnDivergence(DivergencePolicy policy) {
        return new OwnOptions(parallel, stall, Optional.of(policy), trustBookmarks, ignoreRoom, tagged, clones, prune);
    }

    /**
     * The same, trusting the bookmarks of a read-only source or not.
     *
     * @param trust true only if the source never was rolled back
     * @return a changed copy
     */
    public OwnOptions withTrustBookmarks(boolean trust) {
        return new OwnOptions(parallel, stall, onDivergence, trust, ignoreRoom, tagged, clones, prune);
    }

    /**
     * The same, beginning full streams that may not fit or not.
     *
     * @param ignore true to begin them
     * @return a changed copy
     */
    public OwnOptions withIgnoreRoom(boolean ignore) {
        return new OwnOptions(parallel, stall, onDivergence, trustBookmarks, ignore, tagged, clones, prune);
    }

    /**
     * The same, sending the snapshots that carry a user property.
     *
     * @param property {@code NAME} for any value, or {@code NAME=VALUE}
     * @return a changed copy
     */
    public OwnOptions withTagged(String property) {
        return new OwnOptions(
                parallel, stall, onDivergence, trustBookmarks, ignoreRoom, Optional.of(property), clones, prune);
    }

    /**
     * The same, keeping clones or not.
     *
     * @param keep false to send each clone in full
     * @return a changed copy
     */
    public OwnOptions withClones(boolean keep) {
        return new OwnOptions(parallel, stall, onDivergence, trustBookmarks, ignoreRoom, tagged, keep, prune);
    }

    /**
     * The same, pruning copies of what is gone.
     *
     * @param grace how long it has to be gone
     * @return a changed copy
     */
    public OwnOptions withPrune(Duration grace) {
        return new OwnOptions(
                parallel, stall, onDivergence, trustBookmarks, ignoreRoom, tagged, clones, Optional.of(grace));
    }

    /** Appends what can't be meant of them in this task. */
    void check(ReplicationTask task, Checks checks) {
        tagged.ifPresent(property -> checkTagged(property, task, checks));
        checks.number("parallel", parallel, 1, MOST_PARALLEL);
        checks.positive("stall", stall, "PT15M");
        prune.ifPresent(grace -> checks.positive("prune", grace, "P7D"));
        if (prune.isPresent() && !task.recursive()) {
            checks.refuse(
                    "prune",
                    prune.get(),
                    "nothing below the source is replicated, so nothing there can be gone",
                    "make the task recursive, or remove it");
        }
        if (onDivergence.isPresent() && task.fromScratch()) {
            checks.refuse(
                    "on-divergence",
                    word(onDivergence.get()),
                    "allow-from-scratch says what is done where nothing is in common",
                    "say one of the two; on-divergence: start-over-unrelated is the same");
        } else if (onDivergence.isPresent() && task.onlyFromScratch()) {
            checks.refuse(
                    "on-divergence",
                    word(onDivergence.get()),
                    "only-from-scratch fails every target that is there",
                    "say one of the two");
        }
    }

    /** Copies do not carry the property themselves, and the source is not asked for it before retention. */
    private static void checkTagged(String property, ReplicationTask task, Checks checks) {
        try {
            SnapshotSelection.Tagged.parse(property);
        } catch (IllegalArgumentException e) {
            checks.refuse("tagged", property, String.valueOf(e.getMessage()), "name one such as org.example:keep=yes");
        }
        if (task.snapshots().choosesByName()) {
            checks.refuse(
                    "tagged",
                    property,
                    "it takes the place of schemas, expressions and periodic snapshot tasks",
                    "remove it, or them");
        }
        if (task.retention().policy() != TargetRetention.Policy.NONE) {
            checks.refuse(
                    "tagged",
                    property,
                    "retention tells the task's copies by their names, and a property says none",
                    "set retention-policy to none, or select by naming schemas");
        }
        if (task.holdPending()) {
            checks.refuse(
                    "tagged",
                    property,
                    "hold-pending-snapshots tells what is pending by its name",
                    "remove one of the two");
        }
    }

    private static String word(DivergencePolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
