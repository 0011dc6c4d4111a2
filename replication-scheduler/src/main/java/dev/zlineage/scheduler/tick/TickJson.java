// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.prune.CopyFate;
import dev.zlineage.core.prune.PrunePlan;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.task.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** Prints a report for programs. */
final class TickJson {

    private final JsonWriter json = new JsonWriter(true);

    private TickJson() {}

    static String of(TickReport report, Optional<List<String>> events) {
        return new TickJson().write(report, events).toString();
    }

    private JsonWriter write(TickReport report, Optional<List<String>> events) {
        Tally tally = report.tally();
        json.object().name("format").value("zlineage.tick/1");
        json.name("now").value(report.now().toOffsetDateTime().toString());
        json.name("zone").value(report.now().getZone().getId());
        json.name("verdict").value(word(tally.verdict().name()));
        json.name("good").value(tally.good());
        json.name("refused").value(tally.refused());
        json.name("failed").value(tally.failed());
        json.name("cancelled").value(tally.cancelled());
        json.name("busy").value(tally.busy());
        json.name("snapshots").array();
        report.snapshots().forEach(this::snapshot);
        json.endArray().name("tasks").array();
        report.tasks().forEach(this::task);
        json.endArray().name("retention").array();
        report.retention().forEach(this::retention);
        json.endArray().name("pruning").array();
        report.pruning().forEach(this::pruning);
        json.endArray();
        texts("warnings", report.warnings());
        report.approval().token().ifPresent(token -> json.name("approval").value(token));
        events.ifPresent(all -> {
            json.name("events").array();
            all.forEach(json::json);
            json.endArray();
        });
        return json.endObject();
    }

    private void snapshot(SnapshotReport report) {
        json.object().name("task").value(report.task());
        json.name("snapshot").value(report.snapshot());
        json.name("outcome").value(kind(report.outcome()));
        if (report.outcome() instanceof SnapshotReport.Outcome.Existed existed) {
            json.name("why").value(existed.why());
        } else if (report.outcome() instanceof SnapshotReport.Outcome.Refused refused) {
            problems(refused.problems());
        } else if (report.outcome() instanceof SnapshotReport.Outcome.Failed failed) {
            failure(failed.failure());
        }
        names("taken", report.taken());
        names("empty", report.empty());
        json.endObject();
    }

    private void task(TaskReport report) {
        json.object().name("task").value(report.task());
        problems(report.refusals());
        json.name("sources").array();
        report.sources().forEach(this::source);
        json.endArray();
        json.endObject();
    }

    private void source(SourceReport report) {
        json.object().name("source").value(report.source().value());
        json.name("target").value(report.target().value());
        json.name("outcome").value(kind(report.outcome()));
        if (report.outcome() instanceof SourceReport.Outcome.Planned planned) {
            json.name("plan").json(planned.plan().toJson());
        } else if (report.outcome() instanceof SourceReport.Outcome.Ran ran) {
            json.name("plan").json(ran.plan().toJson());
            json.name("result").json(ran.result().toJson());
        } else if (report.outcome() instanceof SourceReport.Outcome.NotApproved refused) {
            json.name("plan").json(refused.plan().toJson());
        } else if (report.outcome() instanceof SourceReport.Outcome.Failed failed) {
            failure(failed.failure());
        } else if (report.outcome() instanceof SourceReport.Outcome.Busy busy) {
            json.name("message").value(busy.holder());
        }
        json.endObject();
    }

    private void retention(RetentionReport report) {
        json.object().name("host").value(report.host());
        json.name("outcome").value(kind(report.outcome()));
        if (report.outcome() instanceof RetentionReport.Outcome.Planned planned) {
            json.name("plan").json(planned.plan().toJson());
        } else if (report.outcome() instanceof RetentionReport.Outcome.Ran ran) {
            json.name("plan").json(ran.plan().toJson());
            json.name("result").json(ran.result().toJson());
        } else if (report.outcome() instanceof RetentionReport.Outcome.Unchanged unchanged) {
            if (!unchanged.until().equals(Instant.MAX)) {
                json.name("until").value(unchanged.until().toString());
            }
        } else if (report.outcome() instanceof RetentionReport.Outcome.Failed failed) {
            json.name("why").value(failed.why());
        }
        json.endObject();
    }

    private void pruning(PruneReport report) {
        json.object().name("task").value(report.task());
        json.name("target").value(report.target().value());
        json.name("outcome").value(kind(report.outcome()));
        if (report.outcome() instanceof PruneReport.Outcome.Planned planned) {
            copies(planned.plan());
        } else if (report.outcome() instanceof PruneReport.Outcome.Ran ran) {
            copies(ran.plan());
            texts(
                    "destroyed",
                    ran.result().destroyed().stream().map(DatasetName::value).toList());
            json.name("failed").object();
            new TreeMap<>(ran.result().failed())
                    .forEach((name, why) -> json.name(name.value()).value(why));
            json.endObject();
        } else if (report.outcome() instanceof PruneReport.Outcome.Failed failed) {
            json.name("why").value(failed.why());
        }
        json.endObject();
    }

    private void copies(PrunePlan plan) {
        json.name("copies").array();
        for (CopyFate copy : plan.copies()) {
            json.object().name("dataset").value(copy.dataset().value());
            json.name("act").value(copy.act().word());
            json.name("why").value(copy.why());
            texts("snapshots", copy.snapshots().stream().map(Snapshot::label).toList());
            json.endObject();
        }
        json.endArray();
    }

    private void problems(List<Problem> problems) {
        json.name("refusals").array();
        for (Problem problem : problems) {
            json.object().name("field").value(problem.path());
            json.name("value").value(problem.value());
            json.name("message").value(problem.rule());
            json.name("wayOut").value(problem.wayOut()).endObject();
        }
        json.endArray();
    }

    private void failure(ZfsFailure failure) {
        json.name("failure").value(word(failure.kind().name()));
        json.name("message").value(failure.text().strip());
        json.name("command").value(failure.command());
    }

    private void names(String member, List<SnapshotName> names) {
        texts(member, names.stream().map(SnapshotName::toString).toList());
    }

    private void texts(String member, List<String> texts) {
        json.name(member).array();
        texts.forEach(json::value);
        json.endArray();
    }

    private static String kind(Object outcome) {
        return outcome.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
