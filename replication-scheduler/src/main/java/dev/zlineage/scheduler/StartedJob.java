// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.run.Cancellation;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A job that runs. What stops it is remembered, since a job that was stopped may end well all the same. */
final class StartedJob {

    /**
     * When it must end.
     *
     * @param window when its part of the day is over, by the clock on the wall
     * @param deadline by a clock that only goes forward, in nanoseconds: how long it runs does not depend on who sets the other
     */
    record End(Optional<Instant> window, Optional<Long> deadline) {

        Optional<Stop> reached(Instant now, long nanos) {
            if (deadline.filter(end -> nanos - end >= 0).isPresent()) {
                return Optional.of(Stop.DEADLINE);
            }
            return window.filter(end -> !now.isBefore(end)).map(end -> Stop.WINDOW);
        }

        /** When that is to be looked at, if it is not reached before. */
        Optional<Instant> next(Instant now, long nanos) {
            Optional<Instant> late = deadline.map(end -> now.plusNanos(Math.max(0, end - nanos)));
            return late.isEmpty()
                            || window.filter(end -> end.isBefore(late.get())).isPresent()
                    ? window
                    : late;
        }
    }

    /** How it ended, and when, as long as the store has not written it down. */
    record Ended(JobOutcome outcome, Instant at) {}

    private final Job job;
    private final Set<Claim> claims;
    private final Instant since;
    private final End endBy;
    private final Cancellation cancellation = new Cancellation();
    private volatile Lease lease;
    private volatile RunProgress progress = RunProgress.NONE;
    private volatile Optional<String> waitsFor = Optional.empty();
    private Optional<Stop> stopped = Optional.empty();
    private Optional<Ended> ended = Optional.empty();
    private boolean lost;

    StartedJob(Job job, Lease lease, Set<Claim> claims, Instant since, End endBy) {
        this.job = job;
        this.lease = lease;
        this.claims = claims;
        this.since = since;
        this.endBy = endBy;
    }

    Job job() {
        return job;
    }

    Lease lease() {
        return lease;
    }

    void renewed(Lease later) {
        lease = later;
    }

    Set<Claim> claims() {
        return claims;
    }

    Instant since() {
        return since;
    }

    End endBy() {
        return endBy;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    RunProgress progress() {
        return progress;
    }

    void progressed(RunProgress now) {
        progress = now;
        waitsFor = Optional.empty();
    }

    /** Who outside of the service is in its way. */
    Optional<String> waitsFor() {
        return waitsFor;
    }

    void waits(String reason) {
        waitsFor = Optional.of(reason);
    }

    Optional<Stop> stopped() {
        return stopped;
    }

    /** The first reason counts, but one that ends the job for good is not undone by one after which it goes on. */
    void stop(Stop why) {
        if (ended.isEmpty() && (stopped.isEmpty() || stopped.get().goesOn() && !why.goesOn())) {
            stopped = Optional.of(why);
        }
        cancellation.cancel();
    }

    Optional<Ended> ended() {
        return ended;
    }

    void ended(JobOutcome outcome, Instant at) {
        ended = Optional.of(new Ended(outcome, at));
    }

    /** It is somebody else's now. */
    void lost() {
        lost = true;
        cancellation.cancel();
    }

    boolean isLost() {
        return lost;
    }
}
