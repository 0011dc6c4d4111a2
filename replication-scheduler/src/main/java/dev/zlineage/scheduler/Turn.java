// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Whether it is a job's turn. */
final class Turn {

    private final WaitingJob waits;
    private final Job job;
    private final Instant now;
    private final Tasks tasks;
    private final Set<String> paused;
    private final Collection<StartedJob> started;
    private final Collection<WaitingJob> ahead;

    /**
     * @param started what runs
     * @param ahead what waits, comes before it, and is not to be overtaken by what overlaps
     */
    Turn(
            WaitingJob waits,
            Instant now,
            Tasks tasks,
            Set<String> paused,
            Collection<StartedJob> started,
            Collection<WaitingJob> ahead) {
        this.waits = waits;
        this.job = waits.job();
        this.now = now;
        this.tasks = tasks;
        this.paused = paused;
        this.started = started;
        this.ahead = ahead;
    }

    /**
     * Whether it is its turn.
     *
     * @param reason what it waits for, in words; empty if it is its turn
     * @param keepsItsPlace whether what overlaps with it and comes later has to wait too
     * @param full whether that is as many run as may, so that no replication behind it can begin either
     */
    record Answer(Optional<String> reason, boolean keepsItsPlace, boolean full) {}

    Answer answer() {
        if (!waits.isKnown()) {
            return new Answer(Optional.of(waits.question(now)), job.kind() == JobKind.SNAPSHOTS, false);
        }
        Optional<String> early = early();
        if (early.isPresent()) {
            return new Answer(early, false, false);
        }
        Optional<String> others = itself().or(this::snapshots).or(this::overlap).or(this::place);
        if (others.isPresent()) {
            return new Answer(others, true, false);
        }
        // who waits for no other thing than that others end is in nobody's way
        Optional<String> full = mostAtOnce();
        return new Answer(full, false, full.isPresent());
    }

    private Optional<String> early() {
        if (job.tasks().stream().allMatch(paused::contains)) {
            return Optional.of("the task is paused");
        }
        if (now.isBefore(job.notBefore())) {
            return Optional.of("it begins at " + job.notBefore());
        }
        if (tasks.outsideOfWindow(job, now)) {
            return Optional.of("its time of the day has not come");
        }
        return Optional.empty();
    }

    private Optional<String> itself() {
        return started.stream().anyMatch(other -> same(other.job()))
                ? Optional.of("its last run has not ended")
                : Optional.empty();
    }

    private boolean same(Job other) {
        return other.kind() == job.kind() && other.tasks().stream().anyMatch(job.tasks()::contains);
    }

    /** What is taken at the moment of a replication, or before it, is to be sent by it; and each name is taken once. */
    private Optional<String> snapshots() {
        Optional<Job> first = started.stream()
                .filter(other -> touches(other.claims()))
                .map(StartedJob::job)
                .filter(this::comesFirst)
                .findFirst();
        return first.or(() -> ahead.stream()
                        .filter(other -> !other.isKnown() || touches(other.claims()))
                        .map(WaitingJob::job)
                        .filter(this::comesFirst)
                        .findFirst())
                .map(other -> "the snapshots of " + String.join(", ", other.tasks()) + " come first");
    }

    private boolean comesFirst(Job other) {
        return other.kind() == JobKind.SNAPSHOTS
                && (job.kind() == JobKind.SNAPSHOTS || !other.moment().isAfter(job.moment()));
    }

    private boolean touches(Set<Claim> claims) {
        return claims.stream().anyMatch(one -> waits.claims().stream().anyMatch(one::overlaps));
    }

    /** Snapshots can be taken of what is being sent or received. */
    private Optional<String> overlap() {
        return started.stream()
                .filter(other -> bothReplicate(other.job()) && conflicts(other.claims()))
                .findFirst()
                .map(other -> name(other.job()) + " runs, and overlaps with it");
    }

    /** Who waits for much is not overtaken for ever by those who want little. */
    private Optional<String> place() {
        return ahead.stream()
                .filter(other -> bothReplicate(other.job()) && conflicts(other.claims()))
                .findFirst()
                .map(other -> name(other.job()) + " comes first, and overlaps with it");
    }

    private Optional<String> mostAtOnce() {
        if (job.kind() != JobKind.REPLICATION || tasks.definition().mostAtOnce().isEmpty()) {
            return Optional.empty();
        }
        int most = tasks.definition().mostAtOnce().get();
        long run = started.stream()
                .filter(other -> other.job().kind() == JobKind.REPLICATION)
                .count();
        return run < most
                ? Optional.empty()
                : Optional.of(run + (run == 1 ? " replication task runs" : " replication tasks run")
                        + ", which is the most that may at the same time");
    }

    private boolean bothReplicate(Job other) {
        return job.kind() == JobKind.REPLICATION && other.kind() == JobKind.REPLICATION;
    }

    private boolean conflicts(Set<Claim> claims) {
        return claims.stream().anyMatch(one -> waits.claims().stream().anyMatch(one::conflicts));
    }

    private static String name(Job other) {
        return "the task '" + String.join(", ", other.tasks()) + "'";
    }
}
