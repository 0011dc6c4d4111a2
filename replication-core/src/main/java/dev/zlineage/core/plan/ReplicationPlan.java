// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that a replication is going to do, decided before it does anything. Equal requests and observations give equal
 * plans. What it takes away on the target is in the {@linkplain DatasetPlan#before steps} and listed by {@link #destroys};
 * on the source nothing is ever destroyed but bookmarks of ours, which {@link DatasetPlan#obsolete} lists.
 *
 * @param request what was asked for
 * @param sourceHost what to call the source's host
 * @param targetHost what to call the target's host
 * @param snapshot the snapshot to take first, which the rest of the plan counts on; in it, snapshots not yet taken have the
 *     GUID {@link dev.zlineage.core.zfs.Guid#PLANNED}
 * @param parents filesystems to create on the target, parents first
 * @param holdTag the tag that holds what is sent while it is sent
 * @param datasets what is to be done with each dataset, parents first
 * @param leftOut datasets of the source that the request leaves out, each with everything below it
 * @param keyRoots targets that share a key on the target, by encryption roots of the source, each with the root of their key there;
 *     what was sent to some of them can be unreadable until the others have arrived
 * @param warnings what the reader should know beside
 */
public record ReplicationPlan(
        ReplicationRequest request,
        String sourceHost,
        String targetHost,
        Optional<SnapshotName> snapshot,
        List<NewParent> parents,
        String holdTag,
        List<DatasetPlan> datasets,
        List<DatasetName> leftOut,
        Map<DatasetName, DatasetName> keyRoots,
        List<String> warnings) {

    /** Copies the collections. */
    public ReplicationPlan {
        parents = List.copyOf(parents);
        datasets = List.copyOf(datasets);
        leftOut = List.copyOf(leftOut);
        keyRoots = Collections.unmodifiableMap(new TreeMap<>(keyRoots));
        warnings = List.copyOf(warnings);
    }

    /**
     * Whether running it would send or change anything.
     *
     * @return false when every dataset is up to date, skipped or refused and nothing is left to tidy up
     */
    public boolean hasWork() {
        return snapshot.isPresent()
                || datasets.stream()
                        .anyMatch(d -> d.works()
                                || d.bookmark().isPresent()
                                || !d.obsolete().isEmpty());
    }

    /**
     * The bookmark that remembers a snapshot of a source dataset for the target of this plan.
     *
     * @param source the dataset
     * @param snapshot one of its snapshots
     * @return empty where the dataset's name leaves no room for it
     */
    public Optional<NewBookmark> mark(DatasetName source, Snapshot snapshot) {
        return OnPoolNames.ofHoldTag(holdTag)
                .bookmark(source, snapshot.guid())
                .map(name -> new NewBookmark(source.snapshot(snapshot.label()), name));
    }

    /**
     * What is lost on the target, by policies that the request names, or because it can't be of use to anyone.
     *
     * @return one entry for each thing; empty for most plans
     */
    public List<String> destroys() {
        return datasets.stream()
                .flatMap(d -> d.before().stream())
                .flatMap(step -> step.destroys().stream())
                .toList();
    }

    /**
     * How much is sent, where the source was asked to guess: see {@link dev.zlineage.core.Replication#estimate}.
     *
     * @return bytes of all streams; empty where nothing is sent, or the size of a stream is not known
     */
    public OptionalLong estimate() {
        List<DatasetPlan> sending = datasets.stream().filter(DatasetPlan::sends).toList();
        return !sending.isEmpty() && sending.stream().allMatch(d -> d.estimate().isPresent())
                ? OptionalLong.of(
                        sending.stream().mapToLong(d -> d.estimate().orElse(0)).sum())
                : OptionalLong.empty();
    }

    /** The same with other datasets and warnings. */
    ReplicationPlan with(List<DatasetPlan> others, List<String> said) {
        return new ReplicationPlan(
                request, sourceHost, targetHost, snapshot, parents, holdTag, others, leftOut, keyRoots, said);
    }

    /**
     * The part of this plan that destroys nothing but what another plan of the same request does.
     *
     * @param agreed what somebody has seen and let go on
     * @return this plan, where datasets that would lose more are refused
     */
    public ReplicationPlan within(ReplicationPlan agreed) {
        Map<DatasetName, List<TargetStep>> steps =
                agreed.datasets().stream().collect(Collectors.toMap(DatasetPlan::source, DatasetPlan::before));
        List<DatasetPlan> allowed = datasets.stream()
                .map(dataset -> dataset.destroysMoreThan(steps.getOrDefault(dataset.source(), List.of()), false, false)
                        ? dataset.refused(Decision.Refuse.changed(dataset.target()))
                        : dataset)
                .toList();
        return new ReplicationPlan(
                request, sourceHost, targetHost, snapshot, parents, holdTag, allowed, leftOut, keyRoots, warnings);
    }

    /**
     * How many datasets are refused.
     *
     * @return 0 for a plan that does all that was asked for
     */
    public int refused() {
        return (int) datasets.stream()
                .filter(d -> d.decision() instanceof Decision.Refuse)
                .count();
    }

    /**
     * The plan as JSON, with the same members in the same order for equal plans.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        return PlanJson.of(this);
    }

    /**
     * The plan as a text, with each snapshot of the source and what becomes of it.
     *
     * @return what {@link #toString} says, and one more line for each snapshot
     */
    public String explained() {
        return PlanText.of(this, true);
    }

    /** The plan as a text that a human follows. */
    @Override
    public String toString() {
        return PlanText.of(this, false);
    }
}
