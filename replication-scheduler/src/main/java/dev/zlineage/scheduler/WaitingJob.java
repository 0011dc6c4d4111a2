// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A job that waits, and what is known about it. */
final class WaitingJob {

    private static final int MOST_QUESTIONS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);

    private final Instant since;
    private Job job;
    private boolean asked;
    private int question;
    private int failures;
    private Instant askAt = Instant.MIN;
    private String failed = "";
    private Optional<Set<Claim>> claims = Optional.empty();
    private String reason = "";
    private Instant waitedForOthers = Instant.MIN;

    WaitingJob(Job job, Instant since) {
        this.job = job;
        this.since = since;
    }

    Job job() {
        return job;
    }

    void is(Job later) {
        job = later;
    }

    Instant since() {
        return since;
    }

    /** Begins to ask what it reads and writes. */
    Dispatcher.Question ask() {
        asked = true;
        return new Dispatcher.Question(job, ++question);
    }

    /** Whether that is being asked. */
    boolean isAsked() {
        return asked && claims.isEmpty();
    }

    /** Whether it is to be asked now. */
    boolean isToBeAsked(Instant now) {
        return !asked && claims.isEmpty() && !now.isBefore(askAt);
    }

    /** When it is to be asked, if that failed. */
    Optional<Instant> askAt() {
        return Optional.of(askAt).filter(at -> !asked && failures > 0);
    }

    /** Whether it is asked once more, after a while that grows, since what was asked did not answer. */
    boolean asksAgain(String why, Instant now) {
        if (++failures >= MOST_QUESTIONS) {
            return false;
        }
        asked = false;
        askAt = now.plus(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
        failed = why;
        return true;
    }

    /** What it waits for as long as that is not known. */
    String question(Instant now) {
        return askAt.isAfter(now)
                ? "it is asked again at " + askAt + " what it reads and writes: " + failed
                : "it is looked at what it reads and writes";
    }

    /** Whether that is known. */
    boolean isKnown() {
        return claims.isPresent();
    }

    /** The number of the last question. */
    int question() {
        return question;
    }

    /** Under another definition it may read and write something else. */
    void askAgain() {
        asked = false;
        failures = 0;
        askAt = Instant.MIN;
        question++;
        claims = Optional.empty();
    }

    void claims(Set<Claim> known) {
        claims = Optional.of(Set.copyOf(known));
    }

    Set<Claim> claims() {
        return claims.orElse(Set.of());
    }

    String reason() {
        return reason;
    }

    /** Remembers what it waits for; true if that is new. */
    boolean waitsFor(String what) {
        boolean changed = !reason.equals(what);
        reason = what;
        return changed;
    }

    long priority(Tasks tasks, Instant now) {
        return tasks.rules(job).priority()
                + Math.max(0, Duration.between(job.due().get(0), now).toHours());
    }

    /** Is told while those have not ended that it runs after: how long they take is not counted. */
    void waitsForOthers(Instant now) {
        waitedForOthers = now;
    }

    Optional<String> stale(Tasks tasks, Instant now) {
        Instant from = waitedForOthers.isAfter(job.moment()) ? waitedForOthers : job.moment();
        return tasks.rules(job)
                .staleness()
                .filter(longest -> job.attempts() == 0 && now.isAfter(from.plus(longest)))
                .map(longest -> "it was due at " + job.moment() + " and may wait for no longer than " + longest);
    }
}
