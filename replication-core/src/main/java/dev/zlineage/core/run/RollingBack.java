// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.TargetStep;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes a target back to its base. {@code zfs rollback -r} would destroy whatever is newer by then, also what somebody took a
 * moment ago. So what the plan listed is destroyed by name, and the rollback goes without {@code -r}: OpenZFS refuses it where
 * anything else is newer. One round trip.
 */
final class RollingBack {

    /** So many names of the greatest length fit into one command. */
    private static final int LABELS = 250;

    private RollingBack() {}

    static Optional<ZfsFailure> carryOut(Zfs target, TargetStep.RollBack step) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        List<String> labels = step.snapshots().stream().map(Snapshot::label).toList();
        for (int i = 0; i < labels.size(); i += LABELS) {
            commands.add(new ZfsCommand.DestroySnapshots(
                    step.target(), labels.subList(i, Math.min(labels.size(), i + LABELS))));
        }
        for (Bookmark bookmark : step.bookmarks()) {
            commands.add(new ZfsCommand.DestroyBookmark(step.target().bookmark(bookmark.label())));
        }
        commands.add(new ZfsCommand.Rollback(step.target().snapshot(step.base().label()), false));
        List<Answer<?>> answers = target.execute(commands);
        if (answers.get(answers.size() - 1) instanceof Answer.Done<?>) {
            return Optional.empty();
        }
        // the first that failed says why there was something newer left
        return answers.stream()
                .filter(Answer.Failed.class::isInstance)
                .map(answer -> ((Answer.Failed<?>) answer).failure())
                .findFirst();
    }
}
