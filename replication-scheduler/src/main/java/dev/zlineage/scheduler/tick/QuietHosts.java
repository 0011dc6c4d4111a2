// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.memory.RetentionMemory;
import dev.zlineage.core.memory.RetentionMemory.Sight;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.scheduler.tick.RetentionReport.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The hosts that a retention looks at, its own and those at the other sides of their replications, and what is remembered of
 * them: one listing of datasets a host tells whether anything can have become due.
 */
final class QuietHosts {

    private final RetentionMemory memory;
    private final Sight sight;

    private QuietHosts(RetentionMemory memory, Sight sight) {
        this.memory = memory;
        this.sight = sight;
    }

    /** Looks at all trees; empty where that does not tell anything, or did not work. */
    static Optional<QuietHosts> look(
            RetentionMemory memory, Map<HostKey, Set<DatasetName>> trees, Function<HostKey, Zfs> open) {
        Map<HostKey, Set<DatasetName>> sorted = new TreeMap<>(Comparator.comparing(HostKey::toString));
        sorted.putAll(trees);
        List<List<Dataset>> hosts = new ArrayList<>();
        try {
            for (Map.Entry<HostKey, Set<DatasetName>> host : sorted.entrySet()) {
                hosts.add(open.apply(host.getKey())
                        .execute(new ZfsCommand.ListDatasets(List.copyOf(tops(host.getValue())), Scope.SUBTREE))
                        .orThrow());
            }
        } catch (ZfsException | InvalidRequestException e) {
            return Optional.empty(); // whoever looks closer finds out
        }
        return memory.sight(hosts).map(sight -> new QuietHosts(memory, sight));
    }

    /** Those that lie in no other. */
    static Set<DatasetName> tops(Set<DatasetName> names) {
        return names.stream()
                .filter(name -> names.stream().noneMatch(above -> !above.equals(name) && above.contains(name)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Optional<Instant> until(Instant now) {
        return memory.quiet(sight, now);
    }

    /** Remembers what came of a closer look. */
    void keep(List<RetentionReport> reports) {
        Instant until = Instant.MAX;
        boolean quiet = true;
        for (RetentionReport report : reports) {
            if (report.outcome() instanceof Outcome.Ran ran && ran.plan().nothingToDo()) {
                until = ran.plan().until().isBefore(until) ? ran.plan().until() : until;
            } else {
                quiet = false;
            }
        }
        memory.keep(sight, quiet ? Optional.of(until) : Optional.empty());
    }
}
