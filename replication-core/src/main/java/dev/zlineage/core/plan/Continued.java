// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** How datasets go on that lack a permission which they can do without, and what that costs. */
final class Continued {

    private static final Map<String, String> LOSSES = Map.of(
            "bookmark",
            "nothing remembers what was sent: if the newest common snapshot is destroyed on the source, the next"
                    + " increment is not possible",
            "hold",
            "what is being sent may be destroyed meanwhile, and a series goes as one increment for each snapshot",
            "release",
            "what a run holds stays held",
            "destroy",
            "bookmarks of earlier runs stay",
            "readonly",
            "it stays writable, and whatever is written there, even an access time, makes the next increment fail");

    private final Rights rights;
    private final Set<Need> missing = new LinkedHashSet<>();

    Continued(Rights rights) {
        this.rights = rights;
    }

    /** The dataset, sent in a way that needs no more than is permitted. */
    DatasetPlan of(DatasetPlan dataset) {
        return tell(SourceNeeds.toContinue(dataset)).stream()
                        .anyMatch(n -> n.permission().equals("hold"))
                ? byIncrements(dataset)
                : dataset;
    }

    /** What is lacking is told also where it is refused for other permissions, so that all can be granted at once. */
    List<Need> tell(List<Need> needs) {
        List<Need> lacking = rights.missing(needs);
        missing.addAll(lacking);
        return lacking;
    }

    /** One warning for each set of permissions, since they are mostly missing on all datasets alike. */
    List<String> warnings() {
        Map<DatasetName, Set<String>> on = new TreeMap<>();
        missing.forEach(n -> on.computeIfAbsent(n.on(), k -> new TreeSet<>()).add(n.permission()));
        Map<String, List<Need>> alike = new TreeMap<>();
        missing.forEach(n -> alike.computeIfAbsent(
                        String.join(",", on.getOrDefault(n.on(), Set.of())), k -> new ArrayList<>())
                .add(n));
        List<String> warnings = new ArrayList<>();
        for (List<Need> needs : alike.values()) {
            Set<String> lost = new TreeSet<>();
            needs.forEach(n -> lost.add(LOSSES.getOrDefault(n.permission(), "")));
            DatasetName top = top(needs);
            List<Need> ofTop = needs.stream().filter(n -> n.on().equals(top)).toList();
            long others = needs.stream().map(Need::on).distinct().count() - 1;
            warnings.add(rights.lacks(ofTop) + (others > 0 ? " and " + others + " more" : "") + ": "
                    + String.join("; ", lost) + " (" + rights.allowLines(needs, n -> above(n.on(), needs)) + ")");
        }
        return warnings;
    }

    private static DatasetName top(List<Need> needs) {
        return needs.stream().map(Need::on).sorted().findFirst().orElseThrow();
    }

    /** What is granted on a dataset counts below it. */
    private static DatasetName above(DatasetName name, List<Need> needs) {
        return needs.stream()
                .map(Need::on)
                .filter(n -> n.contains(name))
                .sorted()
                .findFirst()
                .orElse(name);
    }

    /** {@code zfs send -I} holds what it sends, and fails where it may not. */
    private static DatasetPlan byIncrements(DatasetPlan dataset) {
        List<PlannedStream> streams = new ArrayList<>();
        for (PlannedStream stream : dataset.streams()) {
            if (stream.send() instanceof SendStream.Series series) {
                streams.addAll(split(series, stream));
            } else {
                streams.add(stream);
            }
        }
        return dataset.with(streams);
    }

    private static List<PlannedStream> split(SendStream.Series series, PlannedStream stream) {
        List<PlannedStream> streams = new ArrayList<>();
        SnapshotName base = series.base();
        ReceiveStream receive = stream.receive();
        Optional<Guid> guid = stream.base();
        for (Snapshot arriving : stream.arriving()) {
            SnapshotName to = series.to().dataset().snapshot(arriving.label());
            streams.add(new PlannedStream(
                    new SendStream.Increment(base, to, series.mode()), receive, guid, List.of(arriving), 0));
            base = to;
            guid = Optional.of(arriving.guid());
            receive = new ReceiveStream(
                    receive.target(), true, receive.mount(), Map.of(), receive.exclude(), Optional.empty(), false);
        }
        return streams;
    }
}
