// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.Excludes;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.NamingSchema;
import dev.zlineage.core.select.NamingSchemas;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.Schedule;
import dev.zlineage.core.select.SnapshotSelection;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.Problem;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.SourceMapping;
import dev.zlineage.scheduler.task.StreamChoice;
import dev.zlineage.scheduler.task.TargetEncryption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One good task, field by field. */
final class RequestMapping {

    private final ReplicationTask task;
    private final Definition definition;
    private final Excludes excludes;
    private final List<Problem> refusals = new ArrayList<>();

    RequestMapping(ReplicationTask task, Definition definition) {
        this.task = task;
        this.definition = definition;
        this.excludes = task.excludes();
    }

    TaskRequests requests(SourceMapping targets) {
        Optional<SnapshotSelection> selection = selection().map(this::ofFullFilesystem);
        List<ReplicationRequest> requests = new ArrayList<>();
        for (Map.Entry<DatasetName, DatasetName> each : targets.outerFirst()) {
            if (selection.isPresent() && !covered(each.getKey(), targets)) {
                requests.add(request(each.getKey(), each.getValue(), selection.get()));
            }
        }
        return new TaskRequests(requests, refusals.stream().distinct().toList());
    }

    private boolean covered(DatasetName source, SourceMapping targets) {
        return task.recursive() && !excludes.leaveOut(source) && targets.withinAnother(source);
    }

    /** Where the engine can't take what the definition says, that is a refusal, and the request is one without it. */
    ReplicationRequest request(DatasetName source, DatasetName target, SnapshotSelection selection) {
        ReplicationRequest.Builder builder = plain(source, target, selection);
        streams(builder);
        encryption(builder);
        speed(builder);
        try {
            return builder.build();
        } catch (InvalidRequestException e) {
            e.problems().forEach(this::refuse);
            return plain(source, target, selection).build();
        }
    }

    private void refuse(InvalidRequestException.Problem problem) {
        switch (problem.field()) {
            case "properties.exclude" ->
                refuse("properties-exclude", task.streams().propertiesExclude(), problem.message(), "correct it");
            case "properties.set" ->
                refuse(
                        "properties-override",
                        task.streams().propertiesOverride().keySet(),
                        problem.message(),
                        "correct it");
            default -> refuse(problem.field(), task.id(), problem.message(), "correct it");
        }
    }

    private ReplicationRequest.Builder plain(DatasetName source, DatasetName target, SnapshotSelection selection) {
        List<String> exclude = below(source, task.exclude());
        return ReplicationRequest.of(source.value(), target.value())
                .recursive(task.recursive())
                .systemDatasets(true) // a definition says all that is left out
                .exclude(exclude)
                .include(below(source, task.own().include()).stream()
                        .filter(new Excludes(exclude)::canTakeIn)
                        .toList())
                .snapshots(selection)
                .onDivergence(task.own().onDivergence().orElse(withoutRemedy()))
                .onlyNew(task.onlyFromScratch())
                .mount(task.mount())
                .trustBookmarks(task.own().trustBookmarks())
                .ignoreRoom(task.own().ignoreRoom())
                .keepClones(task.own().clones())
                .parallelism(task.own().parallel());
    }

    private static List<String> below(DatasetName source, List<String> patterns) {
        return patterns.stream()
                .filter(pattern -> Excludes.isBelow(pattern, source))
                .toList();
    }

    private DivergencePolicy withoutRemedy() {
        return task.fromScratch() ? DivergencePolicy.START_OVER_UNRELATED : DivergencePolicy.REFUSE;
    }

    /** In which form the streams go, and what is demanded of the targets' properties. */
    private void streams(ReplicationRequest.Builder builder) {
        StreamChoice streams = task.streams();
        builder.properties(new PropertyChoice(
                        streams.properties(),
                        Set.copyOf(streams.propertiesExclude()),
                        streams.propertiesOverride(),
                        Set.copyOf(task.own().letThrough())))
                .form(new StreamForm(streams.largeBlocks(), streams.compressed(), streams.embedded()))
                .readonly(task.readonly());
    }

    private void encryption(ReplicationRequest.Builder builder) {
        if (task.encryption().isEmpty()) {
            builder.encryption(new EncryptionChoice.AsItComes(task.own().keepEncryptionRoots()));
            return;
        }
        TargetEncryption how = task.encryption().get();
        builder.encryption(
                how.inherit()
                        ? new EncryptionChoice.Inherited()
                        : new EncryptionChoice.OwnKey(
                                how.key().orElseThrow(), how.format().orElseThrow(), how.file()));
    }

    private void speed(ReplicationRequest.Builder builder) {
        if (!task.own().speedLimits().isEmpty()) {
            builder.dailyRates(new DailyRates(definition.zone(), task.own().speedLimits()));
        }
        task.streams().bytesPerSecond().ifPresent(limit -> {
            if (limit < ReplicationRequest.LEAST_BYTES_PER_SECOND) {
                refuse("speed-limit", limit, "so slow a stream is taken for dead", "give at least 1024 bytes a second");
            } else {
                builder.bytesPerSecond(limit);
            }
        });
    }

    /** What is selected says when it is due; what goes is all. */
    private SnapshotSelection ofFullFilesystem(SnapshotSelection selected) {
        return task.streams().fullFilesystem() ? new SnapshotSelection.All() : selected;
    }

    private Optional<SnapshotSelection> selection() {
        SnapshotChoice choice = task.snapshots();
        Optional<SnapshotSelection> chosen = choice.nameRegex()
                .<SnapshotSelection>map(SnapshotSelection.Matching::new)
                .or(() -> task.own().tagged().map(SnapshotSelection.Tagged::parse))
                .or(() -> named(choice));
        List<Schedule> schedules = new ArrayList<>();
        choice.restrict().ifPresent(schedules::add);
        task.schedule().filter(schedule -> choice.onlyMatching()).ifPresent(schedules::add);
        return schedules.isEmpty()
                ? chosen
                : chosen.map(all -> new SnapshotSelection.OnSchedule(
                        all, schedules.size() == 1 ? schedules.get(0) : new AllOf(schedules), definition.zone()));
    }

    /** Empty if a bound task has problems of its own, which are refusals of this one. */
    private Optional<SnapshotSelection> named(SnapshotChoice choice) {
        List<String> schemas = new ArrayList<>();
        for (PeriodicSnapshotTask bound : bound(choice)) {
            List<Problem> problems = definition.problems(bound);
            if (problems.isEmpty()) {
                schemas.add(bound.namingSchema());
            } else {
                refuse(
                        "periodic-snapshot-tasks",
                        bound.id(),
                        "that task can't be run as it is defined",
                        "correct " + problems.get(0).path());
                return Optional.empty();
            }
        }
        schemas.addAll(choice.namingSchemas());
        schemas.addAll(choice.alsoInclude());
        return Optional.of(new SnapshotSelection.Named(
                new NamingSchemas(schemas.stream().map(NamingSchema::of).toList(), NamingSchema.Reading.STRICT)));
    }

    private List<PeriodicSnapshotTask> bound(SnapshotChoice choice) {
        return definition.snapshotTasks().stream()
                .filter(task -> choice.periodicTasks().contains(task.id()))
                .toList();
    }

    private void refuse(String field, Object value, String rule, String wayOut) {
        refusals.add(new Problem(path(field), value.toString(), rule, wayOut));
    }

    private String path(String field) {
        return "replication-tasks." + task.id() + "." + field;
    }
}
