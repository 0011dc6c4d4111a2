// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.run.Cancellation;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A job that runs. What stops it is remembered, since a job that was stopped may end well all the same. */
final class StartedJob {

    /** When it must end, and why. */
    record End(Instant at, Stop why) {}

    private final Job job;
    private final Set<Claim> claims;
    private final Instant since;
    private final Optional<End> endBy;
    private final Cancellation cancellation = new Cancellation();
    private volatile Lease lease;
    private volatile RunProgress progress = RunProgress.NONE;
    private Optional<Stop> stopped = Optional.empty();
    private boolean lost;

    StartedJob(Job job, Lease lease, Set<Claim> claims, Instant since, Optional<End> endBy) {
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

    Optional<End> endBy() {
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
    }

    Optional<Stop> stopped() {
        return stopped;
    }

    /** The first reason counts, but one that ends the job for good is not undone by one after which it goes on. */
    void stop(Stop why) {
        if (stopped.isEmpty() || stopped.get().goesOn() && !why.goesOn()) {
            stopped = Optional.of(why);
        }
        cancellation.cancel();
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
