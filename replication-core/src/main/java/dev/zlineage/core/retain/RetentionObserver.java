// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at a host whose snapshots are to be judged, one listing and one more for each expiry property, and at the other
 * sides of its replications, three listings in one round trip for each tie.
 */
public final class RetentionObserver {

    private RetentionObserver() {}

    /**
     * Looks.
     *
     * @param zfs the host whose snapshots are judged
     * @param roots its datasets to judge, with all below them
     * @param owners tell which expiry properties are read
     * @param ties every replication that begins or ends in one of the datasets, with the host of its other side
     * @return what was seen; another side that can't be listed is {@link Link.Sight.Unknown}
     * @throws ZfsException if the host itself can't be listed
     */
    public static RetentionView observe(Zfs zfs, List<DatasetName> roots, List<Owner> owners, Map<Tie, Zfs> ties) {
        Map<DatasetName, History> histories =
                zfs.execute(new ZfsCommand.ListHistories(roots, Scope.SUBTREE)).orThrow();
        Map<String, Map<SnapshotName, String>> expiries = new HashMap<>();
        for (Owner owner : owners) {
            if (owner.enabled()
                    && owner.policy() instanceof RetentionPolicy.ExpiryProperty expiry
                    && !expiries.containsKey(expiry.property())) {
                expiries.put(
                        expiry.property(),
                        zfs.execute(new ZfsCommand.ListSnapshotProperty(roots, Scope.SUBTREE, expiry.property()))
                                .orThrow());
            }
        }
        List<Link> links = new ArrayList<>();
        ties.forEach((tie, other) -> links.addAll(links(tie, other, histories.keySet())));
        return new RetentionView(zfs.host(), histories, links, expiries);
    }

    private static List<Link> links(Tie tie, Zfs other, Set<DatasetName> datasets) {
        List<DatasetName> here =
                datasets.stream().filter(tie.here()::contains).sorted().toList();
        if (here.isEmpty()) {
            return List.of();
        }
        OtherSide seen = OtherSide.of(tie, other);
        return here.stream()
                .map(name -> {
                    Optional<DatasetName> there = there(tie, name);
                    Link.Sight sight = there.map(seen::sight).orElseGet(Link.Sight.Absent::new);
                    return new Link(tie.task(), name, tie.role(), there.orElse(tie.there()), sight, tie.pending());
                })
                .toList();
    }

    private static Optional<DatasetName> there(Tie tie, DatasetName name) {
        try {
            return Optional.of(name.rebase(tie.here(), tie.there()));
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }

    /** The tree of a tie on its other side, or why it could not be looked at. */
    private record OtherSide(Optional<String> failure, Set<DatasetName> datasets, Map<DatasetName, History> histories) {

        static OtherSide of(Tie tie, Zfs other) {
            List<Answer<?>> answers;
            try {
                answers = other.execute(List.of(
                        new ZfsCommand.ListDatasets(List.of(tie.there().pool()), Scope.SELF),
                        new ZfsCommand.ListDatasets(List.of(tie.there()), Scope.SUBTREE),
                        new ZfsCommand.ListHistories(List.of(tie.there()), Scope.SUBTREE)));
            } catch (ZfsException e) {
                return unknown(e.failure());
            }
            for (Answer<?> answer : answers) {
                if (answer instanceof Answer.Failed<?> failed) {
                    return unknown(failed.failure());
                }
            }
            if (((List<?>) answers.get(0).orThrow()).isEmpty()) {
                return new OtherSide(Optional.of("its pool is not there on " + other.host()), Set.of(), Map.of());
            }
            Set<DatasetName> datasets = new HashSet<>();
            ((List<?>) answers.get(1).orThrow()).forEach(row -> datasets.add(((Dataset) row).name()));
            Map<DatasetName, History> histories = new HashMap<>();
            ((Map<?, ?>) answers.get(2).orThrow())
                    .forEach((name, history) -> histories.put((DatasetName) name, (History) history));
            return new OtherSide(Optional.empty(), datasets, histories);
        }

        private static OtherSide unknown(ZfsFailure failure) {
            return new OtherSide(Optional.of(failure.text().strip()), Set.of(), Map.of());
        }

        Link.Sight sight(DatasetName name) {
            if (failure.isPresent()) {
                return new Link.Sight.Unknown(failure.get());
            }
            return datasets.contains(name)
                    ? new Link.Sight.Seen(histories.getOrDefault(name, History.EMPTY))
                    : new Link.Sight.Absent();
        }
    }
}
