// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetEncryption;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The fields of tasks. What they mean is said by the classes that they are read into. */
final class TaskFields {

    private static final int ATTEMPTS = 5;
    private static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";

    private TaskFields() {}

    static PeriodicSnapshotTask snapshots(String id, Fields fields) {
        Optional<CronSchedule> schedule = ScheduleFields.read(fields, "schedule");
        fields.require("schedule");
        PeriodicSnapshotTask task = new PeriodicSnapshotTask(
                id,
                fields.needed("dataset"),
                fields.flag("recursive", false),
                fields.texts("exclude"),
                fields.read("lifetime", Lifetime::parse),
                fields.text("naming-schema").orElse(SCHEMA),
                schedule.orElse(CronSchedule.of("0 0 * * *")),
                fields.flag("allow-empty", true),
                fields.flag("enabled", true));
        fields.end();
        return task;
    }

    static ReplicationTask replication(String id, Fields fields, Map<String, TaskTransport> named, Notes notes) {
        if (fields.text("logging-level").isPresent()) {
            notes.add(fields, "logging-level", "what is logged is set up for the whole program; --verbose tells more");
        }
        if (fields.flag("dedup", false)) {
            notes.add(fields, "dedup", "OpenZFS sends no deduplicated streams any more");
        }
        fields.require("direction");
        fields.require("source-dataset");
        Optional<Direction> direction = fields.word("direction", Direction.class);
        ReplicationTask.Builder task = ReplicationTask.of(
                        id,
                        direction.orElse(Direction.PUSH),
                        TransportFields.read(fields, named, notes),
                        fields.texts("source-dataset"),
                        fields.needed("target-dataset"))
                .snapshots(choice(fields))
                .streams(streams(fields))
                .fromScratch(fields.flag("allow-from-scratch", false))
                .onlyFromScratch(fields.flag("only-from-scratch", false))
                .readonly(fields.word("readonly", ReadonlyPolicy.class).orElse(ReadonlyPolicy.IGNORE))
                .mount(fields.flag("mount", true))
                .holdPending(fields.flag("hold-pending-snapshots", false))
                .retention(retention(fields))
                .attempts(fields.number("retries").map(Long::intValue).orElse(ATTEMPTS))
                .enabled(fields.flag("enabled", true));
        if (fields.flag("recursive", false)) {
            task.recursive();
        }
        task.exclude(fields.texts("exclude"));
        if (fields.flag("auto", false)) {
            task.auto();
        }
        ScheduleFields.read(fields, "schedule").ifPresent(task::schedule);
        encryption(fields).ifPresent(task::encryption);
        fields.end();
        return task.build();
    }

    private static SnapshotChoice choice(Fields fields) {
        return new SnapshotChoice(
                fields.texts("periodic-snapshot-tasks"),
                fields.texts("naming-schema"),
                fields.texts("also-include-naming-schema"),
                fields.text("name-regex"),
                ScheduleFields.read(fields, "restrict-schedule"),
                fields.flag("only-matching-schedule", false));
    }

    private static StreamChoice streams(Fields fields) {
        return new StreamChoice(
                fields.flag("properties", true),
                fields.texts("properties-exclude"),
                fields.fields("properties-override").map(Fields::eachText).orElse(Map.of()),
                fields.flag("replicate", false),
                fields.flag("large-block", false),
                fields.flag("embed", false),
                fields.flag("compressed", false),
                fields.flag("dedup", false),
                fields.word("compression", StreamChoice.Compression.class),
                fields.number("speed-limit"));
    }

    private static Optional<TargetEncryption> encryption(Fields fields) {
        if (fields.isText("encryption")) {
            if (!fields.text("encryption").equals(Optional.of("inherit"))) {
                fields.wrong("encryption", "it has to be inherit, or a key with key-format and key-location");
            }
            return Optional.of(TargetEncryption.INHERIT);
        }
        return fields.fields("encryption").map(own -> {
            TargetEncryption encryption = new TargetEncryption(
                    false,
                    own.text("key").map(key -> new Secret(key.getBytes(StandardCharsets.UTF_8))),
                    own.word("key-format", TargetEncryption.KeyFormat.class),
                    own.text("key-location"));
            own.end();
            return encryption;
        });
    }

    private static TargetRetention retention(Fields fields) {
        fields.require("retention-policy");
        Map<String, RetentionPolicy.Scheduled> lifetimes = new LinkedHashMap<>();
        fields.fields("lifetimes")
                .ifPresent(all -> all.each().forEach((name, each) -> {
                    Optional<CronSchedule> schedule = ScheduleFields.read(each, "schedule");
                    each.require("schedule");
                    each.require("lifetime");
                    Optional<Lifetime> lifetime = each.read("lifetime", Lifetime::parse);
                    each.end();
                    if (schedule.isPresent() && lifetime.isPresent()) {
                        lifetimes.put(name, new RetentionPolicy.Scheduled(schedule.get(), lifetime.get()));
                    }
                }));
        return new TargetRetention(
                fields.word("retention-policy", TargetRetention.Policy.class).orElse(TargetRetention.Policy.NONE),
                fields.read("lifetime", Lifetime::parse),
                lifetimes);
    }
}
