// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.Mistake;
import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.RunProgress;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.TaskState;
import dev.zlineage.scheduler.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A service as JSON. Members may be added; names and meanings stay within a version. */
final class ServiceJson {

    private final JsonWriter json;

    private ServiceJson(boolean pretty) {
        json = new JsonWriter(pretty).object();
    }

    static String of(List<TaskStatus> all) {
        ServiceJson text = new ServiceJson(true);
        text.json.name("format").value("zlineage.status/1");
        text.json.name("tasks").array();
        all.forEach(text::status);
        return text.end();
    }

    static String ofHistory(List<JobRecord> all) {
        ServiceJson text = new ServiceJson(true);
        text.json.name("format").value("zlineage.history/1");
        text.json.name("jobs").array();
        for (JobRecord ended : all) {
            text.json.object();
            text.record(ended);
            text.json.endObject();
        }
        return text.end();
    }

    static String ofJobs(List<Job> jobs) {
        ServiceJson text = new ServiceJson(true);
        text.json.name("format").value("zlineage.jobs/1");
        text.json.name("jobs").array();
        for (Job job : jobs) {
            text.json.object();
            text.job(job);
            text.json.endObject();
        }
        return text.end();
    }

    private String end() {
        return json.endArray().endObject() + "\n";
    }

    /** One line. */
    static String of(ServiceEvent event) {
        ServiceJson text = new ServiceJson(false);
        text.json.name("v").value(1).name("at").value(event.at().toString());
        text.json.name("event").value(name(event));
        if (event instanceof ServiceEvent.Queued queued) {
            text.job(queued.job());
        } else if (event instanceof ServiceEvent.Waits waits) {
            text.job(waits.job());
            text.json.name("reason").value(waits.reason());
        } else if (event instanceof ServiceEvent.Began began) {
            text.job(began.job());
        } else if (event instanceof ServiceEvent.Progressed progressed) {
            text.job(progressed.job());
            text.progress(progressed.progress());
        } else if (event instanceof ServiceEvent.Reported reported) {
            text.job(reported.job());
            text.json.name("report").json(reported.report().toJson());
        } else if (event instanceof ServiceEvent.Ended ended) {
            text.record(ended.ended());
        } else if (event instanceof ServiceEvent.GivenBack back) {
            text.job(back.job());
            text.json.name("reason").value(back.why());
        } else if (event instanceof ServiceEvent.Missed missed) {
            text.json.name("task").value(missed.task());
            text.json.name("times").array();
            missed.times().forEach(time -> text.json.value(time.toString()));
            text.json.endArray();
        } else if (event instanceof ServiceEvent.Defined defined) {
            text.json.name("tasks").array();
            defined.tasks().forEach(text.json::value);
            text.json.endArray();
        } else if (event instanceof ServiceEvent.ClockWentBack back) {
            text.json.name("before").value(back.before().toString());
        }
        return text.json.endObject().toString();
    }

    /** One line: a definition that is not taken, and why. */
    static String refused(Instant at, String reason, List<Mistake> mistakes) {
        ServiceJson text = new ServiceJson(false);
        text.json.name("v").value(1).name("at").value(at.toString());
        text.json.name("event").value("definition-refused");
        text.json.name("reason").value(reason);
        text.json.name("mistakes").array();
        for (Mistake mistake : mistakes) {
            text.json.object().name("line").value(mistake.line());
            text.json.name("column").value(mistake.column());
            text.json.name("path").value(mistake.path());
            text.json.name("message").value(mistake.message()).endObject();
        }
        return text.json.endArray().endObject().toString();
    }

    private static String name(ServiceEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private void status(TaskStatus status) {
        json.object().name("task").value(status.task());
        json.name("kind").value(Words.kebab(status.kind()));
        json.name("state").value(ServiceText.word(status.state()));
        json.name("since").value(status.state().since().toString());
        json.name("paused").value(status.paused());
        if (status.state() instanceof TaskState.Waiting waiting) {
            json.name("reason").value(waiting.reason());
        } else if (status.state() instanceof TaskState.Running running) {
            json.name("progress").object();
            progress(running.progress());
            json.endObject();
        } else if (status.state() instanceof TaskState.Finished finished) {
            json.name("warnings").array();
            finished.warnings().forEach(json::value);
            json.endArray();
        } else if (status.state() instanceof TaskState.Failed failed) {
            json.name("error").value(failed.cause());
        } else if (status.state() instanceof TaskState.Held held) {
            json.name("reason").value(held.reason());
        }
        moment("next", status.next());
        status.lastSnapshot().ifPresent(snapshot -> json.name("lastSnapshot").value(snapshot));
        moment("lastEnded", status.last().map(JobRecord::ended));
        json.endObject();
    }

    private void record(JobRecord ended) {
        job(ended.job());
        moment("began", ended.began());
        json.name("ended").value(ended.ended().toString());
        json.name("ending").value(Words.kebab(ended.outcome().ending()));
        json.name("message").value(ended.outcome().text());
        json.name("warnings").array();
        ended.outcome().warnings().forEach(json::value);
        json.endArray();
        ended.outcome()
                .lastSnapshot()
                .ifPresent(snapshot -> json.name("lastSnapshot").value(snapshot));
    }

    private void job(Job job) {
        json.name("job").value(job.id());
        json.name("kind").value(Words.kebab(job.kind()));
        json.name("tasks").array();
        job.tasks().forEach(json::value);
        json.endArray();
        json.name("due").array();
        job.due().forEach(due -> json.value(due.toString()));
        json.endArray();
        json.name("origin").value(Words.kebab(job.origin()));
        json.name("attempts").value(job.attempts());
    }

    private void progress(RunProgress progress) {
        json.name("dataset").value(progress.dataset());
        json.name("snapshot").value(progress.snapshot());
        json.name("bytes").value(progress.bytes());
        json.name("expectedBytes").value(progress.expected());
        json.name("done").value(progress.done());
        json.name("datasets").value(progress.datasets());
    }

    private void moment(String name, Optional<Instant> moment) {
        moment.ifPresent(at -> json.name(name).value(at.toString()));
    }
}
