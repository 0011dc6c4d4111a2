// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.RunRules.Missed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * When the tasks of a definition are due. It is asked with moments that only go forward. What that costs grows with how many
 * tasks are due, not with how many there are.
 */
final class Agenda {

    /** Who is not later than this is in time. */
    static final Duration IN_TIME = Duration.ofMinutes(1);

    /** What became due, and what of it no job serves. */
    record Due(List<JobRequest> requests, SortedMap<String, List<Instant>> missed) {}

    private record Entry(JobKind kind, String task, CronSchedule schedule, RunRules rules, int order) {

        String key() {
            return Agenda.key(kind, task);
        }
    }

    private static String key(JobKind kind, String task) {
        return kind + " " + task;
    }

    private record Next(Instant at, Entry entry) {}

    private final Tasks tasks;
    private final ZoneId zone;
    private final DoubleSupplier random;
    private final PriorityQueue<Next> queue = new PriorityQueue<>(
            Comparator.comparing(Next::at).thenComparing(next -> next.entry().order()));

    /** By schedule, when it is due next; empty for never. */
    private final Map<String, Optional<Instant>> schedules = new HashMap<>();

    /**
     * Tasks that are disabled, have no schedule or have problems are never due; nothing is at {@code after} or before.
     *
     * @param followed which schedules were followed until {@code after}; empty for all
     * @param since when the others came, which have missed nothing before
     */
    Agenda(Tasks tasks, Instant after, Optional<Set<String>> followed, Instant since, DoubleSupplier random) {
        Instant begin = since.isAfter(after) ? since : after;
        Definition definition = tasks.definition();
        this.tasks = tasks;
        this.zone = definition.zone();
        this.random = random;
        int order = 0;
        for (PeriodicSnapshotTask task : definition.snapshotTasks()) {
            if (task.enabled() && definition.problems(task).isEmpty()) {
                add(
                        new Entry(JobKind.SNAPSHOTS, task.id(), task.schedule(), tasks.rules(task), order++),
                        after,
                        begin,
                        followed);
            }
        }
        for (ReplicationTask task : definition.replicationTasks()) {
            Optional<CronSchedule> schedule = task.schedule().filter(s -> task.enabled() && task.auto());
            if (schedule.isPresent() && definition.problems(task).isEmpty()) {
                add(
                        new Entry(JobKind.REPLICATION, task.id(), schedule.get(), tasks.rules(task), order++),
                        after,
                        begin,
                        followed);
            }
        }
    }

    private void add(Entry entry, Instant after, Instant begin, Optional<Set<String>> followed) {
        String key = entry.key();
        schedules.put(key, Optional.empty());
        Instant from = followed.isEmpty() || followed.get().contains(key) ? after : begin;
        entry.schedule().next(from.atZone(zone)).ifPresent(at -> add(new Next(at.toInstant(), entry)));
    }

    private void add(Next next) {
        queue.add(next);
        schedules.put(next.entry().key(), Optional.of(next.at()));
    }

    /** A word for each schedule that it follows. */
    Set<String> schedules() {
        return schedules.keySet();
    }

    /** When a task is due next by its schedule. */
    Optional<Instant> next(JobKind kind, String task) {
        return schedules.getOrDefault(key(kind, task), Optional.empty());
    }

    /** When anything is due next. */
    Optional<Instant> next() {
        return Optional.ofNullable(queue.peek()).map(Next::at);
    }

    /**
     * What became due up to a moment, that moment too. Paused snapshot tasks take none, while replication tasks wait until
     * they go on.
     */
    Due until(Instant now, Set<String> paused) {
        SortedMap<Instant, List<String>> snapshots = new TreeMap<>();
        List<JobRequest> requests = new ArrayList<>();
        SortedMap<String, List<Instant>> missed = new TreeMap<>();
        for (Next next = queue.peek(); next != null && !next.at().isAfter(now); next = queue.peek()) {
            queue.remove();
            Entry entry = next.entry();
            List<Instant> times = timesOf(next, now);
            List<Instant> served = entry.kind() == JobKind.SNAPSHOTS && paused.contains(entry.task())
                    ? List.of()
                    : served(times, entry.rules(), now);
            Set<Instant> kept = new HashSet<>(served);
            List<Instant> lost =
                    times.stream().filter(time -> !kept.contains(time)).toList();
            if (!lost.isEmpty()) {
                missed.merge(entry.task(), lost, Agenda::joined);
            }
            for (Instant due : served) {
                if (entry.kind() == JobKind.SNAPSHOTS) {
                    snapshots.computeIfAbsent(due, d -> new ArrayList<>()).add(entry.task());
                } else {
                    requests.add(replication(entry, due, now));
                }
            }
        }
        snapshots.forEach((due, ids) -> SnapshotJobs.of(tasks.snapshots(ids))
                .forEach(some ->
                        requests.add(new JobRequest(JobKind.SNAPSHOTS, some, due, due, Origin.SCHEDULE, false))));
        requests.sort(Comparator.comparing(JobRequest::due).thenComparing(JobRequest::kind));
        return new Due(requests, missed);
    }

    private List<Instant> timesOf(Next first, Instant now) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> at = Optional.of(first.at());
        while (at.isPresent() && !at.get().isAfter(now)) {
            times.add(at.get());
            at = first.entry().schedule().next(at.get().atZone(zone)).map(next -> next.toInstant());
        }
        schedules.put(first.entry().key(), Optional.empty());
        at.ifPresent(next -> add(new Next(next, first.entry())));
        return times;
    }

    private static List<Instant> served(List<Instant> times, RunRules rules, Instant now) {
        List<Instant> fresh = rules.staleness()
                .map(longest -> times.stream()
                        .filter(time -> !time.isBefore(now.minus(longest)))
                        .toList())
                .orElse(times);
        List<Instant> inTime =
                fresh.stream().filter(time -> time.isAfter(now.minus(IN_TIME))).toList();
        if (rules.missed() == Missed.ALL) {
            return fresh;
        }
        return inTime.isEmpty() && rules.missed() == Missed.ONCE && !fresh.isEmpty()
                ? fresh.subList(fresh.size() - 1, fresh.size())
                : inTime;
    }

    private JobRequest replication(Entry entry, Instant due, Instant now) {
        Instant begin = due.isBefore(now.minus(IN_TIME)) ? now : due;
        Duration jitter = entry.rules().jitter();
        Instant notBefore = jitter.isZero() ? due : begin.plusMillis((long) (random.getAsDouble() * jitter.toMillis()));
        boolean joins = entry.rules().missed() != Missed.ALL;
        return new JobRequest(JobKind.REPLICATION, List.of(entry.task()), due, notBefore, Origin.SCHEDULE, joins);
    }

    private static List<Instant> joined(List<Instant> one, List<Instant> other) {
        List<Instant> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
