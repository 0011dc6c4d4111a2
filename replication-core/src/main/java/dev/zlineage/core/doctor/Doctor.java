// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.doctor;

import dev.zlineage.core.doctor.Finding.Kind;
import dev.zlineage.core.doctor.Finding.Standing;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.mark.VerifyClone;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lists everything of ours below a dataset, and judges it by the tasks that go on. Changes nothing: {@link Examination#clean}
 * does.
 *
 * <p>Takes two commands for everything below the dataset, one for the holds of snapshots that have a bookmark of ours, one
 * for the space that those keep, one or two more for each interrupted receive and each dataset that a swap left, and one for
 * clones that a verification left.
 */
public final class Doctor {

    private final Zfs host;
    private final List<Task> tasks;
    private final Set<String> forgotten;
    private final Duration grace;
    private final Instant now;
    private final Map<DatasetName, Dataset> datasets = new TreeMap<>();
    private final Map<DatasetName, History> histories = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(Zfs host, List<Task> tasks, Set<String> forgotten, Duration grace, Instant now) {
        this.host = host;
        this.tasks = tasks;
        this.forgotten = forgotten;
        this.grace = grace;
        this.now = now;
    }

    /**
     * Looks.
     *
     * @param host the host of a source or a target
     * @param root where to look, with everything below
     * @param tasks the tasks that go on; what belongs to none of them is not judged
     * @param forgotten ids of destinations that are not used any more
     * @param grace how old a hold or an interrupted receive has to be before it can't belong to a run under way
     * @param now the time
     * @return what was found
     * @throws dev.zlineage.core.zfs.ZfsException if a listing failed
     */
    public static Examination examine(
            Zfs host, DatasetName root, List<Task> tasks, Set<String> forgotten, Duration grace, Instant now) {
        return new Doctor(host, List.copyOf(tasks), Set.copyOf(forgotten), grace, now).examine(root);
    }

    private Examination examine(DatasetName root) {
        List<Answer<?>> answers = host.execute(List.of(
                new ZfsCommand.ListDatasets(List.of(root), Scope.SUBTREE),
                new ZfsCommand.ListHistories(List.of(root), Scope.SUBTREE)));
        for (Object row : (List<?>) answers.get(0).orThrow()) {
            Dataset dataset = (Dataset) row;
            datasets.put(dataset.name(), dataset);
        }
        ((Map<?, ?>) answers.get(1).orThrow())
                .forEach((name, history) -> histories.put((DatasetName) name, (History) history));
        Map<SnapshotName, Guid> mayBeHeld = new LinkedHashMap<>();
        for (DatasetName name : datasets.keySet()) {
            bookmarks(name, mayBeHeld);
        }
        holds(mayBeHeld);
        for (Dataset dataset : datasets.values()) {
            if (dataset.resumeToken().isPresent()) {
                partial(dataset);
            }
        }
        swaps();
        verifyClones();
        return new Examination(host.host(), root, now, datasets.size(), findings);
    }

    private void bookmarks(DatasetName name, Map<SnapshotName, Guid> mayBeHeld) {
        History history = histories.getOrDefault(name, History.EMPTY);
        Map<Guid, Snapshot> snapshots = new HashMap<>();
        history.snapshots().forEach(s -> snapshots.put(s.guid(), s));
        for (Bookmark bookmark : history.bookmarks()) {
            Optional<String> destination = OnPoolNames.destinationOf(bookmark);
            if (destination.isEmpty()) {
                continue;
            }
            Optional<Snapshot> snapshot = Optional.ofNullable(snapshots.get(bookmark.guid()));
            snapshot.ifPresent(s -> mayBeHeld.put(name.snapshot(s.label()), s.guid()));
            Finding found = new Finding(
                    Kind.BOOKMARK,
                    name.bookmark(bookmark.label()).toString(),
                    destination,
                    Optional.empty(),
                    Optional.of(0L),
                    Standing.UNDECIDED,
                    snapshot.map(s -> "remembers " + s).orElse("its snapshot is gone"),
                    List.of(new ZfsCommand.DestroyBookmark(name.bookmark(bookmark.label()))));
            findings.add(judged(found, name, bookmark.guid(), destination.get()));
        }
    }

    private void holds(Map<SnapshotName, Guid> candidates) {
        if (candidates.isEmpty()) {
            return;
        }
        Map<SnapshotName, Map<String, Optional<Instant>>> ours = new LinkedHashMap<>();
        holdTimes(List.copyOf(candidates.keySet())).forEach((snapshot, tags) -> {
            Map<String, Optional<Instant>> mine = new TreeMap<>(tags);
            mine.keySet().removeIf(tag -> OnPoolNames.destinationOfTag(tag).isEmpty());
            if (!mine.isEmpty()) {
                ours.put(snapshot, mine);
            }
        });
        if (ours.isEmpty()) {
            return;
        }
        Map<SnapshotName, Long> pinned = host.execute(new ZfsCommand.ListUsed(List.copyOf(ours.keySet())))
                .orThrow();
        ours.forEach((snapshot, tags) -> tags.forEach((tag, since) -> findings.add(hold(
                snapshot,
                candidates.getOrDefault(snapshot, Guid.PLANNED),
                tag,
                since,
                Optional.ofNullable(pinned.get(snapshot))))));
    }

    /** Before OpenZFS 2.2, holds do not tell since when they are there. */
    private Map<SnapshotName, Map<String, Optional<Instant>>> holdTimes(List<SnapshotName> snapshots) {
        Map<SnapshotName, Map<String, Optional<Instant>>> found = new LinkedHashMap<>();
        Answer<Map<SnapshotName, Map<String, Long>>> answer = host.execute(new ZfsCommand.ListHoldTimes(snapshots));
        if (answer.failedWith(ZfsFailure.Kind.UNSUPPORTED)) {
            host.execute(new ZfsCommand.ListHolds(snapshots))
                    .orThrow()
                    .forEach((snapshot, tags) ->
                            tags.forEach(tag -> found.computeIfAbsent(snapshot, name -> new TreeMap<>())
                                    .put(tag, Optional.empty())));
            return found;
        }
        answer.orThrow()
                .forEach((snapshot, tags) ->
                        tags.forEach((tag, seconds) -> found.computeIfAbsent(snapshot, name -> new TreeMap<>())
                                .put(tag, Optional.of(Instant.ofEpochSecond(seconds)))));
        return found;
    }

    private Finding hold(SnapshotName snapshot, Guid guid, String tag, Optional<Instant> since, Optional<Long> pinned) {
        String destination = OnPoolNames.destinationOfTag(tag).orElseThrow();
        Finding found = new Finding(
                Kind.HOLD,
                snapshot.toString(),
                Optional.of(destination),
                since,
                pinned,
                Standing.UNDECIDED,
                "held by " + tag,
                List.of(new ZfsCommand.Release(tag, List.of(snapshot))));
        Finding judged = judged(found, snapshot.dataset(), guid, destination);
        return judged.standing() == Standing.SUPERFLUOUS && mayBeYoung(found)
                ? found.standing(Standing.UNDECIDED, "may belong to a run under way")
                : judged;
    }

    private boolean mayBeYoung(Finding found) {
        return found.since().filter(since -> !since.plus(grace).isAfter(now)).isEmpty();
    }

    /** By the task of that destination: what its target holds decides. */
    private Finding judged(Finding found, DatasetName dataset, Guid guid, String destination) {
        if (forgotten.contains(destination)) {
            return found.standing(Standing.SUPERFLUOUS, "the destination " + destination + " is not used any more");
        }
        Optional<Task> task = tasks.stream()
                .filter(t -> t.names().destination().equals(destination))
                .findFirst();
        if (task.isEmpty()) {
            return found.standing(
                    Standing.UNDECIDED, found.why() + "; no task of destination " + destination + " was named");
        }
        String to = " for " + task.get().target();
        Optional<DatasetName> target = task.get().targetOf(dataset);
        if (target.isEmpty()) {
            return found.standing(
                    Standing.SUPERFLUOUS,
                    "the dataset is not of the task any more, which is of "
                            + task.get().source());
        }
        Optional<Dataset> seen = Optional.ofNullable(task.get().targets().get(target.get()));
        if (seen.flatMap(Dataset::resumeToken).isPresent()) {
            return found.standing(Standing.NEEDED, "a stream that was cut can be carried on with it" + to);
        }
        History held = task.get().histories().getOrDefault(target.get(), History.EMPTY);
        boolean newest = newestCommon(dataset, held, task.get()).equals(Optional.of(guid));
        if (found.kind() == Kind.BOOKMARK && !found.name().endsWith("-open")) {
            return newest
                    ? found.standing(Standing.NEEDED, "the next increment goes on from it" + to)
                    : found.standing(Standing.SUPERFLUOUS, held.holds(guid) ? "replaced" + to : "never arrived" + to);
        }
        Dataset own = datasets.get(dataset);
        boolean replica = own != null && own.readonly();
        return newest && replica && found.kind() == Kind.HOLD
                ? found.standing(Standing.NEEDED, "a replica that is sent on keeps what it sent last" + to)
                : found.standing(Standing.SUPERFLUOUS, "left by a run that died" + to);
    }

    /** The newest bookmark of a task on a dataset that its target holds the snapshot of. */
    private Optional<Guid> newestCommon(DatasetName dataset, History held, Task task) {
        Optional<Guid> newest = Optional.empty();
        for (Bookmark bookmark : task.names().ours(histories.getOrDefault(dataset, History.EMPTY))) {
            if (held.holds(bookmark.guid())) {
                newest = Optional.of(bookmark.guid());
            }
        }
        return newest;
    }

    private void partial(Dataset dataset) {
        Optional<Long> bytes = Optional.empty();
        String of = "of a token that can't be read";
        if (host.execute(new ZfsCommand.ReadToken(dataset.resumeToken().orElseThrow()))
                instanceof Answer.Done<TokenContents> token) {
            bytes = Optional.of(token.value().bytes());
            of = "of " + token.value().toName();
        }
        Optional<Instant> since =
                host.execute(new ZfsCommand.PartialSince(dataset.name())) instanceof Answer.Done<Long> seconds
                        ? Optional.of(Instant.ofEpochSecond(seconds.value()))
                        : Optional.empty();
        boolean abandoned =
                since.filter(begun -> !begun.plus(grace).isAfter(now)).isPresent();
        findings.add(new Finding(
                Kind.PARTIAL_RECEIVE,
                dataset.name().value(),
                Optional.empty(),
                since,
                bytes,
                abandoned ? Standing.SUPERFLUOUS : Standing.UNDECIDED,
                of + (abandoned ? ", and nobody has carried it on" : ", and may be carried on"),
                List.of(new ZfsCommand.AbortReceive(dataset.name()))));
    }

    private void swaps() {
        List<DatasetName> names = datasets.keySet().stream()
                .filter(name -> SetAside.isAside(name) || SetAside.target(name).isPresent())
                .toList();
        if (names.isEmpty()) {
            return;
        }
        for (PropertyValue mark : host.execute(
                        new ZfsCommand.GetProperties(names, List.of(SetAside.ASIDE, SetAside.SWAP)))
                .orThrow()) {
            Dataset dataset = datasets.get(mark.dataset());
            if (dataset == null) {
                continue;
            }
            Optional<String> value = SetAside.read(mark.value(), dataset.guid());
            if (mark.property().equals(SetAside.ASIDE) && SetAside.isAside(mark.dataset()) && value.isPresent()) {
                Optional<Instant> since = value.filter(text -> text.matches("\\d{1,12}"))
                        .map(text -> Instant.ofEpochSecond(Long.parseLong(text)));
                left(dataset, Kind.SET_ASIDE, since, "what was there before it was replaced");
            } else if (mark.property().equals(SetAside.SWAP)
                    && SetAside.target(mark.dataset()).isPresent()) {
                left(
                        dataset,
                        Kind.INCOMING,
                        Optional.empty(),
                        value.isPresent()
                                ? "half way in the place of another; the next run finishes that"
                                : "received to take the place of another, and not complete");
            }
        }
    }

    private void verifyClones() {
        List<DatasetName> names = datasets.values().stream()
                .filter(VerifyClone::is)
                .map(Dataset::name)
                .toList();
        if (names.isEmpty()) {
            return;
        }
        for (PropertyValue creation : host.execute(new ZfsCommand.GetProperties(names, List.of("creation")))
                .orThrow()) {
            Finding found = new Finding(
                    Kind.VERIFY_CLONE,
                    creation.dataset().value(),
                    Optional.empty(),
                    Optional.of(Instant.ofEpochSecond(Long.parseLong(creation.value()))),
                    Optional.empty(),
                    Standing.SUPERFLUOUS,
                    "left by a verification that died",
                    List.of(new ZfsCommand.DestroyDataset(creation.dataset(), Scope.SELF)));
            findings.add(
                    mayBeYoung(found)
                            ? found.standing(Standing.UNDECIDED, "may belong to a verification under way")
                            : found);
        }
    }

    private void left(Dataset dataset, Kind kind, Optional<Instant> since, String why) {
        findings.add(new Finding(
                kind,
                dataset.name().value(),
                Optional.empty(),
                since,
                Optional.of(dataset.used()),
                Standing.KEPT,
                why,
                List.of(new ZfsCommand.DestroyDataset(dataset.name(), Scope.SUBTREE))));
    }
}
