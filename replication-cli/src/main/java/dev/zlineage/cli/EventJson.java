// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.PlannedStream;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.zfs.DatasetName;
import java.time.Instant;

/** An event as one line of JSON. Members may be added; names and meanings stay within a version. */
final class EventJson {

    private static final int VERSION = 1;

    private final JsonWriter json = new JsonWriter(false).object();

    private EventJson(Instant at, String task) {
        json.name("v").value(VERSION).name("at").value(at.toString());
        if (!task.isEmpty()) {
            json.name("task").value(task);
        }
    }

    /** Writes an event of a task; of none where that is empty. */
    static String of(Instant at, String task, ReplicationEvent event) {
        EventJson text = new EventJson(at, task);
        text.write(event);
        return text.json.endObject().toString();
    }

    private void write(ReplicationEvent event) {
        if (event instanceof ReplicationEvent.Started started) {
            of(
                    "started",
                    started.plan().request().source(),
                    started.plan().request().target());
            json.name("streams").value(started.streams());
        } else if (event instanceof ReplicationEvent.StreamStarted begun) {
            of("began", begun.dataset());
            stream(begun.stream());
        } else if (event instanceof ReplicationEvent.StreamEstimated estimate) {
            of("estimated", estimate.dataset());
            json.name("bytes").value(estimate.bytes());
        } else if (event instanceof ReplicationEvent.BytesMoved moved) {
            of("progress", moved.dataset());
            json.name("bytes").value(moved.bytes());
        } else if (event instanceof ReplicationEvent.StreamFinished ended) {
            of("brought", ended.dataset());
            stream(ended.stream());
            json.name("bytes").value(ended.bytes());
        } else if (event instanceof ReplicationEvent.Retrying again) {
            of("retry", again.dataset());
            json.name("failure").value(Words.kebab(again.failure().kind()));
            json.name("message").value(again.failure().text().strip());
            json.name("command").value(again.failure().command());
            json.name("delayMilliseconds").value(again.delay().toMillis());
        } else if (event instanceof ReplicationEvent.DatasetFinished finished) {
            of("finished", finished.result().source(), finished.result().target());
            json.name("result").json(finished.result().toJson());
        } else if (event instanceof ReplicationEvent.Warning warning) {
            json.name("event").value("warning").name("message").value(warning.message());
        } else if (event instanceof ReplicationEvent.Finished ended) {
            json.name("event").value("ended");
            json.name("success").value(ended.result().success());
            json.name("bytes").value(ended.result().bytes());
            json.name("milliseconds").value(ended.result().duration().toMillis());
        }
    }

    private void of(String event, DatasetPlan dataset) {
        of(event, dataset.source(), dataset.target());
    }

    private void of(String event, DatasetName source, DatasetName target) {
        json.name("event").value(event).name("source").value(source.value());
        json.name("target").value(target.value());
    }

    /** What the target is to hold once it is there. */
    private void stream(PlannedStream stream) {
        stream.base().ifPresent(guid -> json.name("baseGuid").value(guid.toString()));
        json.name("snapshot").value(stream.last().label());
        json.name("guid").value(stream.last().guid().toString());
        json.name("snapshots").value(stream.arriving().size());
    }
}
