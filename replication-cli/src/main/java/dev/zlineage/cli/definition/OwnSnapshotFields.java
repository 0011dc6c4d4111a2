// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Flag;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Text;
import dev.zlineage.cli.definition.Shape.Texts;
import dev.zlineage.cli.definition.Shape.Words;
import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.task.RunRules;
import dev.zlineage.scheduler.task.SnapshotOptions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The block {@code zlineage} of a periodic snapshot task. */
final class OwnSnapshotFields {

    private static final Text TEXT = new Text(Optional.empty(), false);

    static final Form FORM = new Form(
            "own-options-of-snapshots",
            "What a periodic snapshot task says that only zlineage understands.",
            List.of(
                    new Field(
                            "properties",
                            new Named(TEXT),
                            false,
                            "User properties that the snapshots are given, such as org.example:why."),
                    new Field(
                            "include",
                            new Texts(),
                            false,
                            "Datasets, or globs, whose snapshots are taken although something above them is excluded."),
                    new Field(
                            "keep",
                            KeepFields.FORM,
                            false,
                            "Of which periods the newest snapshot stays, also when the lifetime is over."),
                    new Field(
                            "before",
                            TEXT,
                            false,
                            "The absolute path of a program of this host that is run before each snapshot. ZLINEAGE_TASK,"
                                    + " ZLINEAGE_DATASET and ZLINEAGE_SNAPSHOT tell it which."),
                    new Field(
                            "after",
                            TEXT,
                            false,
                            "The same for after each snapshot, however that went; ZLINEAGE_TAKEN tells."),
                    new Field(
                            "hook-timeout",
                            new Text(Optional.of(HookPrograms.NONE.timeLimit().toString()), false),
                            false,
                            "How long each of the two may take (ISO 8601, such as PT1M)."),
                    new Field(
                            "before-required",
                            new Flag(false),
                            false,
                            "Take no snapshot when the program before it fails. Otherwise it is taken, with a warning."),
                    new Field(
                            "missed",
                            new Words(
                                    Stream.of(RunRules.Missed.values())
                                            .map(Words::word)
                                            .toList(),
                                    Optional.of(Words.word(RunRules.DEFAULT.missed()))),
                            false,
                            "Of times at which the daemon was not there: take none of them (skip), the latest for all (once),"
                                    + " or each (all)."),
                    new Field(
                            "staleness",
                            TEXT,
                            false,
                            "Take no snapshot that is due for longer than this (ISO 8601, such as PT6H).")));

    private OwnSnapshotFields() {}

    static SnapshotOptions read(Fields fields) {
        HookPrograms hooks = new HookPrograms(
                fields.text("before"),
                fields.text("after"),
                fields.read("hook-timeout", OwnFields::time).orElse(HookPrograms.NONE.timeLimit()),
                fields.flag("before-required"));
        return new SnapshotOptions(
                fields.fields("properties").map(Fields::eachText).orElse(Map.of()),
                fields.word("missed")
                        .map(word -> RunRules.Missed.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElseThrow(),
                fields.read("staleness", OwnFields::time),
                KeepFields.read(fields),
                fields.texts("include"),
                hooks);
    }
}
