// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A job that waits, and what is known about it. */
final class WaitingJob {

    private final Instant since;
    private Job job;
    private boolean asked;
    private int question;
    private Optional<Set<Claim>> claims = Optional.empty();
    private String reason = "";

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

    Optional<String> stale(Tasks tasks, Instant now) {
        return tasks.rules(job)
                .staleness()
                .filter(longest ->
                        job.attempts() == 0 && now.isAfter(job.moment().plus(longest)))
                .map(longest -> "it was due at " + job.moment() + " and may wait for no longer than " + longest);
    }
}
