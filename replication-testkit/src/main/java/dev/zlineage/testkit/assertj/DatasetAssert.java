// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.assertj;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractAssert;

/**
 * Says in the words of ZFS what is expected of a dataset. Each method asks the host anew, so that one object can be used before
 * and after something happened. Works with every {@link Zfs}: a fake, a NAS over SSH, a real OpenZFS.
 */
@SuppressWarnings("exports") // who uses it has AssertJ; the others need not
public final class DatasetAssert extends AbstractAssert<DatasetAssert, DatasetName> {

    private final Zfs host;

    DatasetAssert(Zfs host, DatasetName dataset) {
        super(dataset, DatasetAssert.class);
        this.host = host;
    }

    /**
     * It is there, as a filesystem or a volume; also when it holds nothing but an interrupted receive.
     *
     * @return this
     */
    public DatasetAssert exists() {
        dataset();
        return this;
    }

    /**
     * It is not there.
     *
     * @return this
     */
    public DatasetAssert doesNotExist() {
        find().ifPresent(found -> failWithMessage("%s should not exist", shown()));
        return this;
    }

    /**
     * It has these snapshots and no others, from the oldest on: in the order of {@code createtxg}.
     *
     * @param labels the parts of their names after the {@code @}
     * @return this
     */
    public DatasetAssert hasSnapshots(String... labels) {
        List<String> seen = history().snapshots().stream().map(Snapshot::label).toList();
        if (!seen.equals(List.of(labels))) {
            failWithMessage("%s should have the snapshots %s, and has %s", shown(), List.of(labels), seen);
        }
        return this;
    }

    /**
     * It has no bookmarks but these, in any order.
     *
     * @param labels the parts of their names after the {@code #}
     * @return this
     */
    public DatasetAssert hasBookmarks(String... labels) {
        Set<String> seen = new HashSet<>();
        history().bookmarks().stream().map(Bookmark::label).forEach(seen::add);
        if (!seen.equals(Set.of(labels))) {
            failWithMessage("%s should have the bookmarks %s, and has %s", shown(), List.of(labels), seen);
        }
        return this;
    }

    /**
     * It has these snapshots and bookmarks and no others, in the one-line notation of {@link History}: {@code @monday #monday
     * @tuesday}. Their GUIDs don't matter.
     *
     * @param line points from old to new, by their labels; bookmarks of one snapshot by the alphabet
     * @return this
     */
    public DatasetAssert hasHistory(String line) {
        History seen = history();
        if (!points(seen).equals(points(History.parse(line)))) {
            failWithMessage("%s should have the history %s%n  and has: %s", shown(), line, seen);
        }
        return this;
    }

    /**
     * It has the same snapshots as another dataset, by their GUIDs and in the same order, whatever their names: what one holds the
     * other holds.
     *
     * @param other the host of the other
     * @param dataset its name
     * @return this
     */
    public DatasetAssert hasSameLineageAs(Zfs other, String dataset) {
        List<Snapshot> expected = history(other, DatasetName.of(dataset)).snapshots();
        List<Snapshot> seen = history().snapshots();
        if (!guids(seen).equals(guids(expected))) {
            failWithMessage(
                    "%s should have the snapshots of %s on %s%n  there: %s%n  here:  %s",
                    shown(), dataset, other.host(), expected, seen);
        }
        return this;
    }

    /**
     * An increment can be sent to it: the other dataset has one of its snapshots, or a bookmark of one.
     *
     * @param source the host of the other
     * @param dataset the name of the dataset that would send
     * @return this
     */
    public DatasetAssert hasBaseIn(Zfs source, String dataset) {
        History sent = history(source, DatasetName.of(dataset));
        Set<Guid> bases = new HashSet<>(guids(sent.snapshots()));
        sent.bookmarks().stream().map(Bookmark::guid).forEach(bases::add);
        if (guids(history().snapshots()).stream().noneMatch(bases::contains)) {
            failWithMessage(
                    "%s should share a snapshot with %s on %s, or a bookmark of one%n  there: %s%n  here:  %s",
                    shown(), dataset, source.host(), sent, history());
        }
        return this;
    }

    /**
     * An interrupted receive can be carried on: it has a {@code receive_resume_token}.
     *
     * @return this
     */
    public DatasetAssert hasResumeToken() {
        if (dataset().resumeToken().isEmpty()) {
            failWithMessage("%s should hold an interrupted receive", shown());
        }
        return this;
    }

    /**
     * Nothing was interrupted.
     *
     * @return this
     */
    public DatasetAssert hasNoResumeToken() {
        dataset()
                .resumeToken()
                .ifPresent(token -> failWithMessage("%s holds an interrupted receive: %s", shown(), token));
        return this;
    }

    /**
     * Nobody can write to it: {@code readonly} is {@code on}.
     *
     * @return this
     */
    public DatasetAssert isReadonly() {
        if (!dataset().readonly()) {
            failWithMessage("%s should be readonly", shown());
        }
        return this;
    }

    /**
     * None of its snapshots is held, by whomever.
     *
     * @return this
     */
    public DatasetAssert hasNoHolds() {
        List<SnapshotName> names = history().snapshots().stream()
                .map(snapshot -> actual.snapshot(snapshot.label()))
                .toList();
        if (!names.isEmpty()) {
            Map<SnapshotName, Set<String>> holds = new TreeMap<>(Comparator.comparing(SnapshotName::toString));
            holds.putAll(host.execute(new ZfsCommand.ListHolds(names)).orThrow());
            holds.values().removeIf(Set::isEmpty);
            if (!holds.isEmpty()) {
                failWithMessage("%s should have no holds, and has %s", shown(), holds);
            }
        }
        return this;
    }

    private String shown() {
        return actual + " on " + host.host();
    }

    private Optional<Dataset> find() {
        Answer<List<Dataset>> answer = host.execute(new ZfsCommand.ListDatasets(List.of(actual), Scope.SELF));
        return answer.orThrow().stream().findFirst();
    }

    private Dataset dataset() {
        return find().orElseThrow(() -> failure("%s should exist", shown()));
    }

    private History history() {
        dataset();
        return history(host, actual);
    }

    private static History history(Zfs host, DatasetName name) {
        return host.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY);
    }

    private static List<String> points(History history) {
        return IntStream.range(0, history.size())
                .mapToObj(i -> (history.isBookmark(i) ? "#" : "@") + history.label(i))
                .toList();
    }

    private static List<Guid> guids(List<Snapshot> snapshots) {
        return snapshots.stream().map(Snapshot::guid).toList();
    }
}
