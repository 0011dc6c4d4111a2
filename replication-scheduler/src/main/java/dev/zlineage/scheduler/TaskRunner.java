// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.scheduler.tick.TickReport;
import java.util.Set;

/**
 * Does the work of a job. Implementations are safe for use by several threads: jobs run side by side.
 */
public interface TaskRunner {

    /**
     * What a job reads and writes. Asked before it is run, of the hosts as they are then; a few times if they do not answer.
     *
     * @param job which
     * @return its claims; what overlaps waits for each other
     * @throws CannotRunException if that can't be told, because a host or a pool is not there
     */
    Set<Claim> claims(Job job) throws CannotRunException;

    /**
     * Runs a job. Called again for a job that was cut: what was done already is found done.
     *
     * @param job which
     * @param run how it is watched and ended
     * @return how it ended
     * @throws InterruptedException if the thread was interrupted
     */
    JobOutcome run(Job job, RunningJob run) throws InterruptedException;

    /** How a job that runs is watched and ended. */
    interface RunningJob {

        /**
         * Ends it from outside.
         *
         * @return cancelled when the job is to stop
         */
        Cancellation cancellation();

        /**
         * Tells how far it is.
         *
         * @param progress as it is now
         */
        void progressed(RunProgress progress);

        /**
         * Tells that it waits for somebody outside of the service, until it {@linkplain #progressed progresses} or ends.
         *
         * @param reason who is in the way, in words
         */
        default void waits(String reason) {}

        /**
         * Tells what it did.
         *
         * @param report in all detail
         */
        default void reported(TickReport report) {}

        /**
         * Whether the job may still change anything: nobody else has taken it over.
         *
         * @return asked before each command that changes something
         */
        boolean stillMine();
    }

    /** A job can't be run as things are. */
    final class CannotRunException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient JobOutcome outcome;
        private final boolean passing;

        /**
         * Says why.
         *
         * @param outcome how the job ends
         */
        public CannotRunException(JobOutcome outcome) {
            this(outcome, false);
        }

        /**
         * Says why.
         *
         * @param outcome how the job ends, if it has to
         * @param passing whether it may pass by itself, so that it is worth asking again after a while
         */
        public CannotRunException(JobOutcome outcome, boolean passing) {
            super(outcome.text());
            this.outcome = outcome;
            this.passing = passing;
        }

        /**
         * Whether it is worth asking again.
         *
         * @return true for a host that does not answer
         */
        public boolean isPassing() {
            return passing;
        }

        /**
         * How the job ends.
         *
         * @return as it was said
         */
        public JobOutcome outcome() {
            return outcome;
        }
    }
}
