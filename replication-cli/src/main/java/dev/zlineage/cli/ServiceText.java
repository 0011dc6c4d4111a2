// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.plan.Bytes;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobOutcome;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.RunProgress;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.TaskState;
import dev.zlineage.scheduler.TaskStatus;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A service for people. */
final class ServiceText {

    private ServiceText() {}

    static String of(List<TaskStatus> all) {
        StringBuilder text = new StringBuilder();
        for (TaskStatus status : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-9s %s (%s)%s%n",
                    word(status.state()),
                    status.task(),
                    Words.kebab(status.kind()),
                    status.paused() ? ", paused" : ""));
            detail(status.state())
                    .ifPresent(
                            detail -> text.append("          ").append(detail).append('\n'));
            text.append("          since ").append(status.state().since());
            status.lastSnapshot()
                    .ifPresent(snapshot -> text.append(", last snapshot ").append(snapshot));
            status.next().ifPresent(next -> text.append(", next at ").append(next));
            text.append('\n');
        }
        return all.isEmpty() ? "there are no tasks\n" : text.toString();
    }

    /** A state in the one word that middleware knows it by. */
    static String word(TaskState state) {
        if (state instanceof TaskState.Failed) {
            return "ERROR";
        }
        return state instanceof TaskState.Held
                ? "HOLD"
                : state.getClass().getSimpleName().toUpperCase(Locale.ROOT);
    }

    private static Optional<String> detail(TaskState state) {
        if (state instanceof TaskState.Waiting waiting) {
            return Optional.of(waiting.reason());
        } else if (state instanceof TaskState.Running running) {
            return Optional.of(words(running.progress()));
        } else if (state instanceof TaskState.Failed failed) {
            return Optional.of(failed.cause());
        } else if (state instanceof TaskState.Held held) {
            return Optional.of(held.reason());
        } else if (state instanceof TaskState.Finished finished
                && !finished.warnings().isEmpty()) {
            return Optional.of("warning: " + String.join("; ", finished.warnings()));
        }
        return Optional.empty();
    }

    private static String words(RunProgress progress) {
        if (progress.datasets() == 0) {
            return "looks at what there is to do";
        }
        String of = progress.expected() > 0 ? " of " + Bytes.words(progress.expected()) : "";
        String what = progress.dataset().isEmpty() ? "" : ", " + progress.dataset() + "@" + progress.snapshot();
        return progress.done() + " of " + progress.datasets() + " datasets, " + Bytes.words(progress.bytes()) + of
                + what;
    }

    static String ofHistory(List<JobRecord> all) {
        return all.isEmpty()
                ? "nothing has ended yet\n"
                : all.stream().map(ServiceText::line).collect(Collectors.joining("\n", "", "\n"));
    }

    static String ofJobs(List<Job> jobs) {
        return jobs.stream()
                .map(job ->
                        "job " + job.id() + ": " + name(job) + (job.due().size() > 1 ? ", which waited already" : ""))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** What is worth a line; progress is not. */
    static Optional<String> of(ServiceEvent event) {
        if (event instanceof ServiceEvent.Waits waits) {
            return Optional.of(name(waits.job()) + " waits: " + waits.reason());
        } else if (event instanceof ServiceEvent.Began began) {
            return Optional.of(name(began.job()) + " begins");
        } else if (event instanceof ServiceEvent.Ended ended) {
            return Optional.of(outcome(ended.ended()));
        } else if (event instanceof ServiceEvent.GivenBack back) {
            return Optional.of(name(back.job()) + " waits again: " + back.why());
        } else if (event instanceof ServiceEvent.Missed missed) {
            return Optional.of(missed.task() + " was not run at "
                    + missed.times().get(0)
                    + (missed.times().size() > 1 ? " and " + (missed.times().size() - 1) + " times since" : ""));
        } else if (event instanceof ServiceEvent.StandsBy) {
            return Optional.of("stands by: another service runs the tasks of this store");
        } else if (event instanceof ServiceEvent.TookOver) {
            return Optional.of("took over from the service that ran the tasks of this store");
        } else if (event instanceof ServiceEvent.ClockWentBack back) {
            return Optional.of("the clock went back: it had shown " + back.before());
        }
        return Optional.empty();
    }

    private static String line(JobRecord ended) {
        return ended.ended() + " " + outcome(ended);
    }

    private static String outcome(JobRecord ended) {
        JobOutcome outcome = ended.outcome();
        String text = outcome.text().isEmpty() ? "" : ": " + outcome.text().replace("\n", "\n    ");
        String warnings = outcome.warnings().isEmpty() ? "" : "; warning: " + String.join("; ", outcome.warnings());
        return name(ended.job()) + " " + Words.kebab(outcome.ending()) + text + warnings;
    }

    private static String name(Job job) {
        return String.join(", ", job.tasks());
    }
}
