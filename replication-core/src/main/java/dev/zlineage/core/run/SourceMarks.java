// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.NewBookmark;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes and removes the bookmarks and holds that a run needs on the source. None of them can fail a run: without them the
 * next increment may not find its base, and that is said.
 */
final class SourceMarks {

    private final Zfs source;
    private final String holdTag;
    private final Consumer<String> warnings;

    /**
     * @param warnings told what is lost; called from the forks too
     */
    SourceMarks(Zfs source, String holdTag, Consumer<String> warnings) {
        this.source = source;
        this.holdTag = holdTag;
        this.warnings = warnings;
    }

    void make(DatasetPlan dataset) {
        make(List.of(dataset));
    }

    /** Bookmarks first, so that a hold that a crash leaves behind can be found by its bookmark. One round trip. */
    void make(List<DatasetPlan> datasets) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        List<SnapshotName> goals = new ArrayList<>();
        for (DatasetPlan dataset : datasets) {
            for (NewBookmark bookmark : dataset.bookmarks()) {
                commands.add(new ZfsCommand.CreateBookmark(bookmark.of(), bookmark.bookmark()));
            }
            dataset.goal().ifPresent(goals::add);
        }
        if (!goals.isEmpty()) {
            commands.add(new ZfsCommand.Hold(holdTag, goals));
        }
        execute(commands);
    }

    /** What is to stay is marked before anything else goes. One round trip. */
    void replace(List<NewBookmark> more, List<SnapshotName> release, List<BookmarkName> superfluous) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        more.forEach(b -> commands.add(new ZfsCommand.CreateBookmark(b.of(), b.bookmark())));
        if (!release.isEmpty()) {
            commands.add(new ZfsCommand.Release(holdTag, release));
        }
        superfluous.forEach(b -> commands.add(new ZfsCommand.DestroyBookmark(b)));
        execute(commands);
    }

    private void execute(List<ZfsCommand<?>> commands) {
        if (commands.isEmpty()) {
            return;
        }
        for (Answer<?> answer : source.execute(commands)) {
            if (answer instanceof Answer.Failed<?> failed) {
                warn(failed.failure());
            }
        }
    }

    private void warn(ZfsFailure failure) {
        switch (failure.kind()) {
            case ALREADY_EXISTS -> {
                // bookmarks are named by GUID: it is the one we wanted
            }
            case NO_SUCH_POINT, NO_SUCH_DATASET -> {
                // gone since it was planned: sending it tells
            }
            case NO_PERMISSION ->
                warnings.accept(
                        "bookmarks and holds are not permitted on the source, or its pool is read-only: if the newest"
                                + " common snapshot is destroyed there, the next increment is not possible"
                                + " (zfs allow bookmark,hold,release,destroy)");
            default -> warnings.accept("continuity on the source: " + failure);
        }
    }
}
