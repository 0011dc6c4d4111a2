// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A store that is gone with the process: for simulation, and for embedders that keep nothing. It remembers the latest ten
 * thousand jobs. A second {@link ReplicationService} on the same object goes on where the first one stopped.
 */
public final class InMemoryTaskStore implements TaskStore {

    private static final int REMEMBERED = 10_000;

    private record Begun(Lease lease, Instant at) {}

    private final Lock lock = new ReentrantLock();
    private final TreeMap<Long, Job> jobs = new TreeMap<>();
    private final Map<Long, Begun> begun = new HashMap<>();
    private final Deque<JobRecord> history = new ArrayDeque<>();
    private final Map<String, Memory> memories = new HashMap<>();
    private final Set<String> paused = new HashSet<>();
    private Optional<Instant> cursor = Optional.empty();
    private Optional<Set<String>> followed = Optional.empty();
    private Optional<String> leader = Optional.empty();
    private Instant leaderSaid = Instant.MIN;
    private long lastId;
    private long lastFence;

    /** An empty store. */
    public InMemoryTaskStore() {}

    @Override
    public Optional<Instant> cursor() {
        lock.lock();
        try {
            return cursor;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean advance(Optional<Instant> from, Instant to, List<JobRequest> due, Optional<Set<String>> schedules) {
        lock.lock();
        try {
            if (!cursor.equals(from)) {
                return false;
            }
            due.forEach(this::queue);
            cursor = Optional.of(to);
            followed = schedules.map(Set::copyOf).or(() -> followed);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Instant> lead(String node, Instant says, Optional<Instant> silent) {
        lock.lock();
        try {
            boolean mine = leader.filter(node::equals).isPresent();
            if (!mine && leader.isPresent() && silent.filter(leaderSaid::equals).isEmpty()) {
                return Optional.of(leaderSaid);
            }
            if (!mine) {
                begun.clear();
            }
            leader = Optional.of(node);
            leaderSaid = says;
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resign(String node) {
        lock.lock();
        try {
            leader = leader.filter(other -> !other.equals(node));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Set<String>> followed() {
        lock.lock();
        try {
            return followed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Job queue(JobRequest request) {
        lock.lock();
        try {
            Job job = jobs.values().stream()
                    .filter(waits -> !begun.containsKey(waits.id()) && waits.serves(request))
                    .findFirst()
                    .map(waits -> waits.with(request))
                    .orElseGet(() -> Job.of(++lastId, request));
            jobs.put(job.id(), job);
            return job;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Job> waiting(Instant now) {
        lock.lock();
        try {
            return jobs.values().stream().filter(job -> free(job.id(), now)).toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean free(long job, Instant now) {
        Begun by = begun.get(job);
        return by == null || !by.lease().until().isAfter(now);
    }

    @Override
    public Optional<Lease> begin(long id, String node, Instant now, Instant until) {
        lock.lock();
        try {
            Job job = jobs.get(id);
            boolean another = leader.filter(other -> !other.equals(node)).isPresent();
            if (job == null || another || !free(id, now)) {
                return Optional.empty();
            }
            Lease lease = new Lease(id, node, ++lastFence, until);
            begun.put(id, new Begun(lease, now));
            jobs.put(id, job.begunAgain());
            return Optional.of(lease);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean holds(Lease lease) {
        lock.lock();
        try {
            Begun by = begun.get(lease.job());
            return by != null && by.lease().fence() == lease.fence();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean renew(Lease lease, Instant until) {
        lock.lock();
        try {
            if (!holds(lease)) {
                return false;
            }
            begun.computeIfPresent(
                    lease.job(), (job, by) -> new Begun(by.lease().renewed(until), by.at()));
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean end(Lease lease, JobOutcome outcome, Instant at, List<JobRequest> following) {
        lock.lock();
        try {
            Job job = jobs.get(lease.job());
            Begun by = begun.get(lease.job());
            if (job == null || by == null || !holds(lease)) {
                return false;
            }
            begun.remove(lease.job());
            jobs.remove(lease.job());
            remember(new JobRecord(job, Optional.of(by.at()), at, outcome));
            following.forEach(this::queue);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean drop(long id, JobOutcome outcome, Instant at) {
        lock.lock();
        try {
            Job job = free(id, at) ? jobs.remove(id) : null;
            if (job == null) {
                return false;
            }
            Optional<Instant> began = Optional.ofNullable(begun.remove(id)).map(Begun::at);
            remember(new JobRecord(job, began, at, outcome));
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Job> split(long id, String task) {
        lock.lock();
        try {
            Job job = jobs.get(id);
            if (job == null
                    || begun.containsKey(id)
                    || !job.tasks().contains(task)
                    || job.tasks().size() == 1) {
                return Optional.empty();
            }
            List<String> others = new ArrayList<>(job.tasks());
            others.remove(task);
            jobs.put(id, job.of(id, others));
            Job alone = job.of(++lastId, List.of(task));
            jobs.put(alone.id(), alone);
            return Optional.of(alone);
        } finally {
            lock.unlock();
        }
    }

    private void remember(JobRecord ended) {
        history.addFirst(ended);
        if (history.size() > REMEMBERED) {
            history.removeLast();
        }
        for (String task : ended.job().tasks()) {
            memories.merge(
                    key(ended.job().kind(), task),
                    new Memory(ended.job().kind(), task, ended, ended.outcome().lastSnapshot()),
                    (before, now) -> new Memory(
                            now.kind(),
                            task,
                            ended.outcome().ending() == JobOutcome.Ending.SKIPPED ? before.last() : ended,
                            now.lastSnapshot().or(before::lastSnapshot)));
        }
    }

    private static String key(JobKind kind, String task) {
        return kind + " " + task;
    }

    @Override
    public List<Memory> memories() {
        lock.lock();
        try {
            return List.copyOf(memories.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Memory> memory(JobKind kind, String task) {
        lock.lock();
        try {
            return Optional.ofNullable(memories.get(key(kind, task)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void giveBack(Lease lease) {
        lock.lock();
        try {
            if (holds(lease)) {
                begun.remove(lease.job());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<JobRecord> history(Optional<String> task, int atMost) {
        lock.lock();
        try {
            List<JobRecord> found = new ArrayList<>();
            for (JobRecord ended : history) {
                if (found.size() < atMost
                        && (task.isEmpty() || ended.job().tasks().contains(task.get()))) {
                    found.add(ended);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Set<String> paused() {
        lock.lock();
        try {
            return Set.copyOf(paused);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause(String task, boolean yes) {
        lock.lock();
        try {
            if (yes) {
                paused.add(task);
            } else {
                paused.remove(task);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Keeps everything: whoever opens it next goes on. */
    @Override
    public void close() {}
}
