// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.TickListener;
import java.util.HashMap;
import java.util.Map;

/** Adds up what the streams of a job tell. Sources of a task go one after another, each with datasets of its own. */
final class ProgressOfJob implements TickListener {

    private final TaskRunner.RunningJob job;
    private volatile RunProgress last = RunProgress.NONE;

    ProgressOfJob(TaskRunner.RunningJob job) {
        this.job = job;
    }

    @Override
    public ReplicationListener starting(ReplicationTask task, ReplicationPlan plan) {
        return new OfPlan(plan.datasets().size());
    }

    @Override
    public void waits(ReplicationTask task, String why) {
        job.waits(why);
    }

    @Override
    public void waitsNoMore(ReplicationTask task) {
        job.progressed(last);
    }

    private final class OfPlan implements ReplicationListener {

        private final int datasets;
        private final Map<DatasetName, Long> moving = new HashMap<>();
        private final Map<DatasetName, Long> estimated = new HashMap<>();
        private long before;
        private int done;
        private String dataset = "";
        private String snapshot = "";

        OfPlan(int datasets) {
            this.datasets = datasets;
        }

        @Override
        public void on(ReplicationEvent event) {
            if (event instanceof ReplicationEvent.StreamStarted began) {
                dataset = began.dataset().source().value();
                snapshot = began.stream().last().label();
            } else if (event instanceof ReplicationEvent.StreamEstimated guess) {
                estimated.put(guess.dataset().source(), guess.bytes());
            } else if (event instanceof ReplicationEvent.BytesMoved moved) {
                dataset = moved.dataset().source().value();
                moving.put(moved.dataset().source(), moved.bytes());
            } else if (event instanceof ReplicationEvent.StreamFinished finished) {
                ended(finished.dataset(), finished.bytes());
            } else if (event instanceof ReplicationEvent.DatasetFinished) {
                done++;
            } else {
                return;
            }
            last = new RunProgress(dataset, snapshot, moved(), expected(), done, datasets);
            job.progressed(last);
        }

        private void ended(DatasetPlan stream, long bytes) {
            moving.remove(stream.source());
            estimated.remove(stream.source());
            before += bytes;
        }

        private long moved() {
            return before + moving.values().stream().mapToLong(Long::longValue).sum();
        }

        private long expected() {
            return estimated.isEmpty()
                    ? 0
                    : Math.max(
                            moved(),
                            before
                                    + estimated.values().stream()
                                            .mapToLong(Long::longValue)
                                            .sum());
        }
    }
}
