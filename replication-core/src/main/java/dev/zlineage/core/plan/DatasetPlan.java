// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What is to be done with one dataset.
 *
 * @param source the dataset that is sent
 * @param target the dataset that receives; where its name can't be, the name is that of the request's target
 * @param kind filesystem or volume
 * @param relation how the two stand to each other now
 * @param decision what follows from that
 * @param before what is done to the target before anything is sent
 * @param streams the streams, in the order in which they are sent
 * @param after what is done to the target when everything was sent
 * @param bookmark the bookmark to make, on the source and before anything is sent, of what the target is to end in
 * @param temporary bookmarks to make too, for as long as the run takes: of what the target holds now, where it has none of
 *     ours yet, or a mark that a first transfer is under way
 * @param obsolete bookmarks of ours that are destroyed once the target was verified: replaced ones, and what a crash left
 * @param release snapshots of the source whose hold of ours is released at the end, whether or not there is one
 * @param keepHeld whether what the target ends in stays held on the source. It does where that is a replica itself, so that
 *     it can't be rolled back behind it unseen
 * @param fates what becomes of each snapshot of the source
 */
public record DatasetPlan(
        DatasetName source,
        DatasetName target,
        DatasetKind kind,
        Relation relation,
        Decision decision,
        List<TargetStep> before,
        List<PlannedStream> streams,
        List<TargetStep> after,
        Optional<NewBookmark> bookmark,
        List<NewBookmark> temporary,
        List<BookmarkName> obsolete,
        List<SnapshotName> release,
        boolean keepHeld,
        Fates fates) {

    /** Copies the lists. */
    public DatasetPlan {
        before = List.copyOf(before);
        streams = List.copyOf(streams);
        after = List.copyOf(after);
        temporary = List.copyOf(temporary);
        obsolete = List.copyOf(obsolete);
        release = List.copyOf(release);
    }

    /** The same with one step more after the streams. */
    DatasetPlan followedBy(TargetStep step) {
        List<TargetStep> steps = new ArrayList<>(after);
        steps.add(0, step); // what is to be mounted has its final key then
        Decision decided =
                decision instanceof Decision.UpToDate both ? new Decision.Send("nothing: " + both.why()) : decision;
        return new DatasetPlan(
                source, target, kind, relation, decided, before, streams, steps, bookmark, temporary, obsolete, release,
                keepHeld, fates);
    }

    /**
     * Whether anything is sent.
     *
     * @return true if there is a stream
     */
    public boolean sends() {
        return !streams.isEmpty();
    }

    /**
     * Whether anything is sent, or done to the target without.
     *
     * @return true if there is a stream or a step
     */
    public boolean works() {
        return sends() || !before.isEmpty() || !after.isEmpty();
    }

    /**
     * Whether the target comes into being, or gets its first snapshot.
     *
     * @return true if the first stream has no base, or none but the origin of a clone
     */
    public boolean begins() {
        return sends()
                && (streams.get(0).base().isEmpty()
                        || relation instanceof Relation.Absent
                        || relation instanceof Relation.DataWithoutSnapshots);
    }

    /**
     * The snapshot of the source's host that the source is a clone of, where the target becomes one of its copy.
     *
     * @return empty where the target is there already, or is received in full
     */
    public Optional<SnapshotName> cloneOf() {
        return sends()
                        && streams.get(0).send() instanceof SendStream.Increment first
                        && first.base() instanceof SnapshotName origin
                        && !origin.dataset().equals(source)
                ? Optional.of(origin)
                : Optional.empty();
    }

    /**
     * Whether the target comes into being as a clone, also where that was cut and is carried on.
     *
     * @return true if its first stream has a base that is none of its own snapshots
     */
    public boolean beginsAsClone() {
        return begins() && streams.get(0).base().isPresent();
    }

    /**
     * How much is sent, where the source was asked to guess.
     *
     * @return bytes of all streams; empty where nothing is sent, or the size of a stream is not known
     */
    public OptionalLong estimate() {
        return sends() && streams.stream().allMatch(s -> s.estimate().isPresent())
                ? OptionalLong.of(
                        streams.stream().mapToLong(s -> s.estimate().orElse(0)).sum())
                : OptionalLong.empty();
    }

    /** The same by other streams. */
    DatasetPlan with(List<PlannedStream> others) {
        return new DatasetPlan(
                source, target, kind, relation, decision, before, others, after, bookmark, temporary, obsolete, release,
                keepHeld, fates);
    }

    /**
     * What receives the streams: the target, or the dataset beside it that is to take its place.
     *
     * @return the target where nothing is sent
     */
    public DatasetName receiver() {
        return sends() ? streams.get(0).receive().target() : target;
    }

    /**
     * The snapshots that the target is to have after the streams.
     *
     * @return from old to new
     */
    public List<Snapshot> arriving() {
        return streams.stream().flatMap(s -> s.arriving().stream()).toList();
    }

    /**
     * The bookmarks to make on the source before anything is sent.
     *
     * @return the temporary ones, then that of the goal
     */
    public List<NewBookmark> bookmarks() {
        return Stream.concat(temporary.stream(), bookmark.stream()).toList();
    }

    /**
     * The snapshot that the target is to end in, by its name on the source; it is held while streams are under way.
     *
     * @return empty where nothing is sent
     */
    public Optional<SnapshotName> goal() {
        return sends()
                ? Optional.of(
                        source.snapshot(streams.get(streams.size() - 1).last().label()))
                : Optional.empty();
    }

    /**
     * Whether it gives up something of the target that another plan of the same dataset does not.
     *
     * @param agreed what the other plan does before it sends
     * @param tried whether that was tried: what an interrupted receive left is what came of it then, and does not count
     * @param begun whether its rollback was begun: what is left of that is agreed to as well
     * @return true if there is a step that destroys something and was not agreed to, or that destroys something else
     */
    public boolean destroysMoreThan(List<TargetStep> agreed, boolean tried, boolean begun) {
        return before.stream()
                .filter(step -> !(tried && step instanceof TargetStep.DiscardPartial))
                .anyMatch(step -> !step.destroys().isEmpty()
                        && !agreed.contains(step)
                        && !(begun && step instanceof TargetStep.RollBack back && isRestOf(back, agreed)));
    }

    /** What is left of a rollback that was begun: snapshots that are gone count as bytes that were written. */
    private static boolean isRestOf(TargetStep.RollBack back, List<TargetStep> agreed) {
        return agreed.stream()
                .anyMatch(step -> step instanceof TargetStep.RollBack whole
                        && whole.target().equals(back.target())
                        && whole.base().guid().equals(back.base().guid())
                        && whole.snapshots().size() > back.snapshots().size()
                        && whole.snapshots().containsAll(back.snapshots())
                        && whole.bookmarks().containsAll(back.bookmarks())
                        && whole.bytes() >= back.bytes());
    }

    /**
     * The same dataset, refused.
     *
     * @param why the decision
     * @return a plan in which nothing is done to it
     */
    DatasetPlan refused(Decision why) {
        return new DatasetPlan(
                source,
                target,
                kind,
                relation,
                why,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                keepHeld,
                fates.refused());
    }
}
