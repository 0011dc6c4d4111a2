// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.scheduler.cron.CronSchedule;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which snapshots a task sends.
 *
 * @param periodicTasks the periodic snapshot tasks whose snapshots it sends, by id; for push tasks
 * @param namingSchemas how snapshots are called; for pull tasks
 * @param alsoInclude how further ones are called; for push tasks
 * @param nameRegex instead of all of these, an expression for whole names
 * @param restrict only those taken when this schedule says so
 * @param onlyMatching only those taken when the task's own schedule says so
 */
public record SnapshotChoice(
        List<String> periodicTasks,
        List<String> namingSchemas,
        List<String> alsoInclude,
        Optional<String> nameRegex,
        Optional<CronSchedule> restrict,
        boolean onlyMatching) {

    /** Nothing is chosen yet. */
    public static final SnapshotChoice NONE =
            new SnapshotChoice(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), false);

    /** Copies the lists. */
    public SnapshotChoice {
        periodicTasks = List.copyOf(periodicTasks);
        namingSchemas = List.copyOf(namingSchemas);
        alsoInclude = List.copyOf(alsoInclude);
    }

    /** Whether anything here says which snapshots are meant. */
    boolean choosesByName() {
        return !periodicTasks.isEmpty() || !namingSchemas.isEmpty() || !alsoInclude.isEmpty() || nameRegex.isPresent();
    }

    /** Appends what can't be meant; somebody else may say which snapshots are. */
    void check(Direction direction, boolean chosenElsewhere, Checks checks) {
        if (direction == Direction.PUSH) {
            checkPush(chosenElsewhere, checks);
        } else {
            checkPull(chosenElsewhere, checks);
        }
        for (int i = 0; i < namingSchemas.size(); i++) {
            checks.schema("naming-schema[" + i + "]", namingSchemas.get(i));
        }
        for (int i = 0; i < alsoInclude.size(); i++) {
            checks.schema("also-include-naming-schema[" + i + "]", alsoInclude.get(i));
        }
        nameRegex.ifPresent(regex -> checkRegex(regex, checks));
    }

    private void checkPush(boolean chosenElsewhere, Checks checks) {
        if (!namingSchemas.isEmpty()) {
            checks.refuse("naming-schema", namingSchemas, "it is for pull tasks", "call it also-include-naming-schema");
        }
        if (!chosenElsewhere && periodicTasks.isEmpty() && alsoInclude.isEmpty() && nameRegex.isEmpty()) {
            checks.refuse(
                    "periodic-snapshot-tasks",
                    "",
                    "nothing says which snapshots to send",
                    "name a periodic snapshot task, an also-include-naming-schema or a name-regex");
        }
    }

    private void checkPull(boolean chosenElsewhere, Checks checks) {
        if (!periodicTasks.isEmpty()) {
            checks.refuse(
                    "periodic-snapshot-tasks",
                    periodicTasks,
                    "those take snapshots here, and a pull task receives here",
                    "give the naming-schema of the snapshots there");
        }
        if (!alsoInclude.isEmpty()) {
            checks.refuse("also-include-naming-schema", alsoInclude, "it is for push tasks", "call it naming-schema");
        }
        if (!chosenElsewhere && namingSchemas.isEmpty() && nameRegex.isEmpty()) {
            checks.refuse("naming-schema", "", "nothing says which snapshots to receive", "give it, or a name-regex");
        }
    }

    private void checkRegex(String regex, Checks checks) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            checks.refuse("name-regex", regex, "it is no regular expression: " + e.getDescription(), "correct it");
        }
        if (!periodicTasks.isEmpty() || !namingSchemas.isEmpty() || !alsoInclude.isEmpty()) {
            checks.refuse(
                    "name-regex",
                    regex,
                    "it takes the place of schemas and periodic snapshot tasks",
                    "remove it, or them");
        }
    }
}
