// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.it.simulation.Picture.Saved;
import dev.zlineage.it.simulation.Picture.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Looks at both hosts after each thing that the engine did, and compares with what was there before. What people do in between
 * is not judged: {@link #accept} takes what they leave as the new beginning.
 */
final class Witness {

    /** Something that must never happen. */
    static final class Violation extends AssertionError {

        private static final long serialVersionUID = 1L;

        Violation(String what) {
            super(what);
        }
    }

    private final Universe universe;
    private Picture source;
    private Picture target;
    private Permit permit = Permit.NOTHING;
    private Optional<Link.Role> retaining = Optional.empty();

    Witness(Universe universe) {
        this.universe = universe;
        this.source = universe.source();
        this.target = universe.target();
    }

    void permit(Permit allowed) {
        permit = allowed;
        retaining = Optional.empty();
    }

    /** Retention is at work. */
    void permit(RetentionPlan plan, Link.Role role) {
        permit = Permit.of(plan, role);
        retaining = Optional.of(role);
    }

    /** What is there now is the work of people. */
    void accept() {
        source = universe.source();
        target = universe.target();
        for (Picture side : new Picture[] {source, target}) {
            side.snapshots()
                    .forEach((guid, saved) -> universe.chronicle.madeByPeople.putIfAbsent(guid, saved.contents()));
        }
        universe.chronicle.written.removeIf(text -> !target.holds(text));
    }

    /** What is there now is the work of the engine. */
    void judge(String after) {
        Picture sourceNow = universe.source();
        Picture targetNow = universe.target();
        theSourceIsAsItWas(sourceNow, after);
        nothingIsLost(targetNow, after);
        nothingForeignIsTouched(targetNow, after);
        nothingIsInvented(targetNow, after);
        if (retaining.isEmpty()) {
            theBaseIsThere(sourceNow, targetNow, after);
        } else {
            retainedWell(sourceNow, targetNow, retaining.get() == Link.Role.SENDS, after);
        }
        source = sourceNow;
        target = targetNow;
    }

    Picture sourceSeen() {
        return source;
    }

    Picture targetSeen() {
        return target;
    }

    private void theSourceIsAsItWas(Picture now, String after) {
        require(now.datasets().keySet().equals(source.datasets().keySet()), after, "the source has other datasets");
        source.datasets().forEach((guid, was) -> {
            State is = now.datasets().get(guid);
            require(is.name().equals(was.name()), after, was.name() + " of the source has another name");
            require(is.live().equals(was.live()), after, was.name() + " of the source holds other data");
            was.snapshots().forEach((snapshot, saved) -> {
                Saved still = is.snapshots().get(snapshot);
                if (still == null && permit.sourceSnapshots().contains(snapshot)) {
                    return;
                }
                require(still != null, after, "the source lost " + was.name() + "@" + saved.label());
                require(still.label().equals(saved.label()), after, "a snapshot of the source was renamed");
                require(
                        foreign(still.holds()).equals(foreign(saved.holds())),
                        after,
                        "holds of others on " + was.name() + "@" + saved.label() + ": " + saved.holds() + ", now "
                                + still.holds());
            });
            is.snapshots().forEach((snapshot, saved) -> {
                if (!was.snapshots().containsKey(snapshot)) {
                    require(
                            permit.newLabel().filter(saved.label()::equals).isPresent(),
                            after,
                            "the source has a new snapshot " + was.name() + "@" + saved.label());
                    universe.chronicle.madeByPeople.put(snapshot, saved.contents());
                }
            });
            require(
                    foreign(is.bookmarks()).equals(foreign(was.bookmarks())),
                    after,
                    "bookmarks of others on " + was.name() + ": " + was.bookmarks() + ", now " + is.bookmarks());
        });
    }

    private void nothingIsLost(Picture now, String after) {
        Map<Guid, Saved> snapshots = now.snapshots();
        target.snapshots()
                .forEach((guid, saved) -> require(
                        snapshots.containsKey(guid) || permit.targetSnapshots().contains(guid),
                        after,
                        "the target lost the snapshot @" + saved.label() + " (GUID " + guid + ")"));
        target.datasets().forEach((guid, was) -> {
            State is = now.datasets().get(guid);
            if (is == null) {
                require(
                        was.snapshots().isEmpty() && was.live().isEmpty(),
                        after,
                        "the target lost the dataset " + was.name());
                return;
            }
            require(
                    universe.troubled
                            || !was.partial()
                            || is.partial()
                            || is.snapshots().size() > was.snapshots().size()
                            || permit.discarded().contains(was.name()),
                    after,
                    "what an interrupted receive left on " + was.name() + " is gone, and nothing came of it");
            was.snapshots().values().forEach(saved -> {
                Saved still = is.snapshots().get(saved.guid());
                if (still != null) {
                    require(
                            foreign(still.holds()).equals(foreign(saved.holds())),
                            after,
                            "holds of others on " + was.name() + "@" + saved.label());
                    require(
                            still.contents().equals(saved.contents())
                                    || saved.contents().isEmpty(),
                            after,
                            was.name() + "@" + saved.label() + " holds something else");
                }
            });
        });
        for (String text : universe.chronicle.written) {
            require(
                    now.holds(text)
                            || !permit.rolledBack().isEmpty()
                            || !permit.targetSnapshots().isEmpty(),
                    after,
                    "what somebody wrote on the target is gone: " + text);
        }
        universe.chronicle.written.removeIf(text -> !now.holds(text));
    }

    /**
     * What retention did, judged without its plan. It knows what a replication goes on from: that of the same place on both
     * sides. A copy in another place, left by what was renamed or promoted since, is of no replication any more.
     *
     * @param ofSource whether it was the source's
     */
    private void retainedWell(Picture sourceNow, Picture targetNow, boolean ofSource, String after) {
        Picture before = ofSource ? source : target;
        Picture now = ofSource ? sourceNow : targetNow;
        before.datasets().forEach((guid, was) -> {
            State is = now.datasets().get(guid);
            require(is != null, after, "retention destroyed the dataset " + was.name());
            Guid newest = Guid.PLANNED;
            for (Saved saved : was.snapshots().values()) {
                newest = saved.guid();
                if (!is.snapshots().containsKey(saved.guid())) {
                    String name = was.name() + "@" + saved.label();
                    require(Keeping.owns(saved.label()), after, "retention took " + name + ", which is nobody's");
                    require(saved.holds().isEmpty(), after, "retention took " + name + ", which is held");
                }
            }
            require(
                    was.snapshots().isEmpty() || is.snapshots().containsKey(newest),
                    after,
                    "retention took the newest snapshot of " + was.name());
            Optional<Guid> common = newestCommon(was, ofSource);
            require(
                    common.filter(was.snapshots()::containsKey).isEmpty()
                            || is.snapshots().containsKey(common.get()),
                    after,
                    "retention took the last common snapshot of " + was.name());
        });
    }

    /** The newest snapshot of a target that its source knows. */
    private Optional<Guid> newestCommon(State one, boolean ofSource) {
        DatasetName from = ofSource ? Universe.DATA : Universe.COPY;
        DatasetName to = ofSource ? Universe.COPY : Universe.DATA;
        if (!from.equals(one.name()) && !from.contains(one.name())) {
            return Optional.empty();
        }
        Picture other = ofSource ? target : source;
        DatasetName name = one.name().rebase(from, to);
        Optional<Guid> newest = Optional.empty();
        for (State there : other.datasets().values()) {
            if (there.name().equals(name)) {
                State copy = ofSource ? there : one;
                Set<Guid> bases = (ofSource ? one : there).bases();
                for (Guid guid : copy.snapshots().keySet()) {
                    newest = bases.contains(guid) ? Optional.of(guid) : newest;
                }
            }
        }
        return newest;
    }

    private void nothingForeignIsTouched(Picture now, String after) {
        target.datasets().forEach((guid, was) -> {
            if (was.name().equals(Universe.FOREIGN) || Universe.FOREIGN.contains(was.name())) {
                require(
                        was.equals(now.datasets().get(guid)),
                        after,
                        was.name() + " is nobody's target and was changed");
            }
        });
    }

    private void nothingIsInvented(Picture now, String after) {
        now.snapshots().forEach((guid, saved) -> {
            Map<String, String> known = universe.chronicle.madeByPeople.get(guid);
            require(known != null, after, "the target has @" + saved.label() + ", which nobody ever took");
            require(
                    known == null || known.isEmpty() || saved.contents().isEmpty() || known.equals(saved.contents()),
                    after,
                    "the target's @" + saved.label() + " holds " + saved.contents() + " instead of " + known);
        });
    }

    /** What could go on by an increment can still. */
    private void theBaseIsThere(Picture sourceNow, Picture targetNow, String after) {
        source.datasets().forEach((guid, was) -> {
            if (!Universe.DATA.equals(was.name()) && !Universe.DATA.contains(was.name())) {
                return;
            }
            State is = sourceNow.datasets().get(guid);
            require(
                    !shares(was.bases(), target) || shares(is.bases(), targetNow),
                    after,
                    "the last base of " + was.name() + " is lost");
            require(
                    universe.troubled
                            || !shares(Set.copyOf(was.bookmarks().values()), target)
                            || shares(Set.copyOf(is.bookmarks().values()), targetNow),
                    after,
                    "the last bookmark of " + was.name() + " that the target has is lost");
        });
    }

    private static boolean shares(Set<Guid> bases, Picture target) {
        return target.datasets().values().stream()
                .flatMap(copy -> copy.snapshots().keySet().stream())
                .anyMatch(bases::contains);
    }

    /**
     * After a run without any trouble: nothing that was needed on the way is left. What was received to take a target's place,
     * and is not needed for that any more, may be somebody's by now: that it is left has to be told.
     */
    void nothingIsLeftOver(ReplicationResult result) {
        List<DatasetResult> results = result.datasets().stream()
                .filter(dataset -> !(dataset.outcome() instanceof DatasetResult.Outcome.Refused))
                .toList();
        Set<DatasetName> replicated =
                results.stream().map(DatasetResult::source).collect(Collectors.toSet());
        // what has nothing to send has nothing tidied: a bookmark may be all that is left of a target that is elsewhere
        // now
        Set<DatasetName> sent = results.stream()
                .filter(dataset -> !(dataset.outcome() instanceof DatasetResult.Outcome.Skipped))
                .map(DatasetResult::source)
                .collect(Collectors.toSet());
        Set<DatasetName> targets = results.stream().map(DatasetResult::target).collect(Collectors.toSet());
        source.datasets().values().forEach(state -> {
            state.snapshots()
                    .values()
                    .forEach(saved -> require(
                            !replicated.contains(state.name()) || saved.holds().equals(foreign(saved.holds())),
                            "all runs",
                            "a hold is left on " + state.name() + "@" + saved.label() + ": " + saved.holds()));
            require(
                    !sent.contains(state.name())
                            || state.bookmarks().keySet().stream()
                                            .filter(Witness::ours)
                                            .count()
                                    <= 1,
                    "all runs",
                    "bookmarks are left on " + state.name() + ": " + state.bookmarks());
        });
        target.datasets()
                .values()
                .forEach(state -> require(
                        SetAside.target(state.name()).filter(targets::contains).isEmpty()
                                || result.warnings().stream()
                                        .anyMatch(warning -> warning.startsWith(
                                                state.name() + " was received to take the place of")),
                        "all runs",
                        state.name() + " is left over, and nobody is told"));
    }

    static Set<String> foreign(Set<String> holds) {
        return holds.stream()
                .filter(tag -> OnPoolNames.destinationOfTag(tag).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Guid> foreign(Map<String, Guid> bookmarks) {
        Map<String, Guid> others = new HashMap<>(bookmarks);
        others.keySet().removeIf(Witness::ours);
        return others;
    }

    private static boolean ours(String bookmark) {
        return bookmark.startsWith("zl1-");
    }

    private void require(boolean holds, String after, String otherwise) {
        if (!holds) {
            throw new Violation("after " + after + ": " + otherwise + "\n  " + universe.chronicle.story());
        }
    }
}
