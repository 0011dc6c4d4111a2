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
 * anything else is newer. Bookmarks go when the snapshots are gone, since one of ours may be all that tells of a hold. One round
 * trip, and one more for snapshots.
 */
final class RollingBack {

    /** So many names of the greatest length fit into one command. */
    private static final int LABELS = 250;

    private RollingBack() {}

    static Optional<ZfsFailure> carryOut(Zfs target, TargetStep.RollBack step) {
        List<String> labels = step.snapshots().stream().map(Snapshot::label).toList();
        for (int i = 0; i < labels.size(); i += LABELS) {
            Optional<ZfsFailure> failure = failure(target.execute(new ZfsCommand.DestroySnapshots(
                    step.target(), labels.subList(i, Math.min(labels.size(), i + LABELS)))));
            if (failure.isPresent()) {
                return failure;
            }
        }
        List<ZfsCommand<?>> rest = new ArrayList<>();
        for (Bookmark bookmark : step.bookmarks()) {
            rest.add(new ZfsCommand.DestroyBookmark(step.target().bookmark(bookmark.label())));
        }
        rest.add(new ZfsCommand.Rollback(step.target().snapshot(step.base().label()), false));
        List<Answer<?>> answers = target.execute(rest);
        if (answers.get(answers.size() - 1) instanceof Answer.Done<?>) {
            return Optional.empty();
        }
        // the first that failed says why there was something newer left
        return answers.stream().flatMap(answer -> failure(answer).stream()).findFirst();
    }

    private static Optional<ZfsFailure> failure(Answer<?> answer) {
        return answer instanceof Answer.Failed<?> failed ? Optional.of(failed.failure()) : Optional.empty();
    }
}
