// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.tick.Tick;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A definition file, and what of it is due. */
final class DefinitionOptions {

    /** What a task does not say itself. */
    private static final Set<String> BESIDE = Set.of(
            "--task",
            "--once",
            "--now",
            "--maximum-share",
            "--key-sink",
            "--memory",
            "--locks",
            "--wait",
            "--dry-run",
            "--approve",
            "--quiet",
            "--json",
            "--events",
            "--verbose",
            "--zfs",
            "--sudo",
            "--remote-zfs",
            "--ssh-key",
            "--ssh-passphrase-file");

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "A definition file instead of --source and --target: all of its tasks that are enabled,"
                    + " whatever their schedules say. See 'check'.")
    private @Nullable Path file;

    @Option(names = "--task", paramLabel = "ID", description = "Of a FILE: this task alone.")
    private @Nullable String task;

    @Option(names = "--once", description = "Of a FILE: what the clock makes due in this minute, as for cron.")
    private boolean once;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            description =
                    "Of a FILE: take it to be then, such as 2026-03-29T03:00 by the clock of the file's timezone, or"
                            + " 2026-03-29T03:00+02:00.")
    private @Nullable String now;

    @Mixin
    private ShareOption share = new ShareOption();

    boolean given() {
        return file != null;
    }

    /** The name of the file. */
    String name() {
        return String.valueOf(file);
    }

    /** The file, with options that go together with it. One with mistakes is thrown. */
    DefinitionFile read() {
        check();
        return read(file == null ? Path.of("") : file);
    }

    static DefinitionFile read(Path file) {
        DefinitionFile read = DefinitionFile.read(TextFile.read(file));
        if (!read.mistakes().isEmpty()) {
            throw new InvalidDefinitionException(file, read.mistakes());
        }
        return read;
    }

    double share() {
        return share.share();
    }

    /** What is due. */
    Tick tick(Definition definition, InstantSource clock) {
        Instant moment = now == null ? clock.instant() : moment(now, definition.zone());
        if (once) {
            return Tick.at(definition, moment);
        }
        try {
            return task == null ? Tick.all(definition, moment) : Tick.of(definition, moment, task);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException(List.of(new Problem("--task", String.valueOf(e.getMessage()))));
        }
    }

    /** Whatever does not go together with a file, or not without. */
    void check() {
        List<Problem> problems = new ArrayList<>();
        List<String> matched = MatchedOptions.of(command);
        if (given()) {
            List<String> ofTasks =
                    matched.stream().filter(name -> !BESIDE.contains(name)).toList();
            if (!ofTasks.isEmpty()) {
                problems.add(
                        new Problem(
                                String.join(", ", ofTasks),
                                "does not go with a definition file, whose tasks say what they want; leave out one of the two"));
            }
            if (once && task != null) {
                problems.add(new Problem("--once", "either what is due, or --task, not both"));
            }
            share.problem().ifPresent(problems::add);
        } else {
            matched.stream()
                    .filter(Set.of("--task", "--once", "--now", "--maximum-share")::contains)
                    .forEach(name -> problems.add(new Problem(name, "it is of a definition file: name the FILE")));
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }

    private static Instant moment(String text, ZoneId zone) {
        Optional<Instant> moment = withOffset(text).or(() -> local(text, zone));
        return moment.orElseThrow(() -> new InvalidRequestException(List.of(new Problem(
                "--now",
                "'" + text + "' is no time that the clock shows in " + zone
                        + ", such as 2026-03-29T03:00 or 2026-03-29T03:00+02:00"))));
    }

    private static Optional<Instant> withOffset(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> local(String text, ZoneId zone) {
        try {
            LocalDateTime local = LocalDateTime.parse(text);
            return zone.getRules().getValidOffsets(local).stream().findFirst().map(local::toInstant);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
