// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Does nothing but write down what it was asked to do. */
final class RecordingRunner implements TaskRunner {

    final List<Job> ran = new ArrayList<>();

    @Override
    public Set<Claim> claims(Job job) {
        return Set.of();
    }

    @Override
    public JobOutcome run(Job job, RunningJob run) {
        ran.add(job);
        return JobOutcome.finished(List.of(), Optional.empty());
    }

    /** One line for each task of each job: the moment that it serves, and the task. */
    List<String> lines() {
        return ran.stream()
                .flatMap(job -> job.tasks().stream().map(task -> job.moment() + " " + task))
                .toList();
    }
}
