// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.SnapshotOptions;
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

    private TaskFields() {}

    static PeriodicSnapshotTask snapshots(String id, Fields fields) {
        Optional<CronSchedule> schedule = ScheduleFields.read(fields, "schedule");
        PeriodicSnapshotTask task = new PeriodicSnapshotTask(
                id,
                fields.needed("dataset"),
                fields.flag("recursive"),
                fields.texts("exclude"),
                fields.read("lifetime", Lifetime::parse),
                fields.needed("naming-schema"),
                schedule.orElse(CronSchedule.of("0 0 * * *")),
                fields.flag("allow-empty"),
                fields.flag("enabled"),
                fields.fields("zlineage").map(OwnSnapshotFields::read).orElse(SnapshotOptions.DEFAULTS));
        return task;
    }

    static ReplicationTask replication(String id, Fields fields, Map<String, TaskTransport> named, Notes notes) {
        if (fields.text("logging-level").isPresent()) {
            notes.add(fields, "logging-level", "what is logged is set up for the whole program; --verbose tells more");
        }
        if (fields.flag("dedup")) {
            notes.add(fields, "dedup", "OpenZFS sends no deduplicated streams any more");
        }
        if (fields.word("compression").isPresent()) {
            notes.add(
                    fields,
                    "compression",
                    "streams are not passed through a program here; compressed: true leaves blocks compressed as they are on"
                            + " disk");
        }
        Optional<Direction> direction = fields.word("direction", Direction.class);
        ReplicationTask.Builder task = ReplicationTask.of(
                        id,
                        direction.orElse(Direction.PUSH),
                        TransportFields.read(fields, named, notes),
                        fields.texts("source-dataset"),
                        fields.needed("target-dataset"))
                .snapshots(choice(fields))
                .streams(streams(fields))
                .fromScratch(fields.flag("allow-from-scratch"))
                .onlyFromScratch(fields.flag("only-from-scratch"))
                .readonly(fields.word("readonly", ReadonlyPolicy.class).orElseThrow())
                .mount(fields.flag("mount"))
                .holdPending(fields.flag("hold-pending-snapshots"))
                .retention(retention(fields))
                .attempts(fields.number("retries").map(Long::intValue).orElseThrow())
                .enabled(fields.flag("enabled"))
                .own(fields.fields("zlineage").map(OwnFields::read).orElse(OwnOptions.DEFAULTS));
        if (fields.flag("recursive")) {
            task.recursive();
        }
        task.exclude(fields.texts("exclude"));
        if (fields.flag("auto")) {
            task.auto();
        }
        ScheduleFields.read(fields, "schedule").ifPresent(task::schedule);
        encryption(fields).ifPresent(task::encryption);
        return task.build();
    }

    private static SnapshotChoice choice(Fields fields) {
        return new SnapshotChoice(
                fields.texts("periodic-snapshot-tasks"),
                fields.texts("naming-schema"),
                fields.texts("also-include-naming-schema"),
                fields.text("name-regex"),
                ScheduleFields.read(fields, "restrict-schedule"),
                fields.flag("only-matching-schedule"));
    }

    private static StreamChoice streams(Fields fields) {
        return new StreamChoice(
                fields.flag("properties"),
                fields.texts("properties-exclude"),
                fields.fields("properties-override").map(Fields::eachText).orElse(Map.of()),
                fields.flag("replicate"),
                fields.flag("large-block"),
                fields.flag("embed"),
                fields.flag("compressed"),
                fields.flag("dedup"),
                fields.word("compression", StreamChoice.Compression.class),
                fields.number("speed-limit"));
    }

    private static Optional<TargetEncryption> encryption(Fields fields) {
        if (fields.isWord("encryption")) {
            fields.word("encryption");
            return Optional.of(TargetEncryption.INHERIT);
        }
        return fields.fields("encryption")
                .map(own -> new TargetEncryption(
                        false,
                        own.text("key").map(key -> new Secret(key.getBytes(StandardCharsets.UTF_8))),
                        own.word("key-format", KeyFormat.class),
                        own.text("key-location")));
    }

    private static TargetRetention retention(Fields fields) {
        Map<String, RetentionPolicy.Scheduled> lifetimes = new LinkedHashMap<>();
        fields.fields("lifetimes")
                .ifPresent(all -> all.each().forEach((name, each) -> {
                    Optional<CronSchedule> schedule = ScheduleFields.read(each, "schedule");
                    Optional<Lifetime> lifetime = each.read("lifetime", Lifetime::parse);
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
