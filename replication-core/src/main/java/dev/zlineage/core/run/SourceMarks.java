// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.NewBookmark;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes and removes the bookmarks and holds that a run needs on the source. None of them can fail a run: without them the
 * next increment may not find its base, and that is said.
 */
final class SourceMarks {

    private final Zfs source;
    private final String holdTag;
    private final Consumer<String> warnings;

    /** Bookmarks that were to be made and are perhaps not there. */
    private final Set<BookmarkName> missing;

    /** Whether a hold of this run was refused to the user, so that none of an earlier one is there either. */
    private final AtomicBoolean mayNotHold;

    private SourceMarks(
            Zfs source,
            String holdTag,
            Consumer<String> warnings,
            Set<BookmarkName> missing,
            AtomicBoolean mayNotHold) {
        this.source = source;
        this.holdTag = holdTag;
        this.warnings = warnings;
        this.missing = missing;
        this.mayNotHold = mayNotHold;
    }

    SourceMarks(Zfs source, String holdTag, Consumer<String> warnings) {
        this(source, holdTag, warnings, ConcurrentHashMap.newKeySet(), new AtomicBoolean());
    }

    /**
     * The marks of the same run, for one of its forks.
     *
     * @param others told what is lost
     */
    SourceMarks telling(Consumer<String> others) {
        return new SourceMarks(source, holdTag, others, missing, mayNotHold);
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

    /**
     * What is to stay is marked before anything else goes. A bookmark goes only when the one that replaces it is known to be
     * there, and when nothing is held any more that could be found by it alone: where that is not known, the next run sees
     * it and tidies. Two round trips.
     */
    void replace(List<NewBookmark> more, List<SnapshotName> release, List<BookmarkName> superfluous) {
        List<ZfsCommand<?>> commands = new ArrayList<>();
        more.forEach(b -> commands.add(new ZfsCommand.CreateBookmark(b.of(), b.bookmark())));
        if (!release.isEmpty()) {
            commands.add(new ZfsCommand.Release(holdTag, release));
        }
        if (execute(commands)) {
            Set<DatasetName> unmarked =
                    missing.stream().map(BookmarkName::dataset).collect(Collectors.toSet());
            execute(superfluous.stream()
                    .filter(bookmark -> !unmarked.contains(bookmark.dataset()))
                    .<ZfsCommand<?>>map(ZfsCommand.DestroyBookmark::new)
                    .toList());
        }
    }

    /** Whether nothing that was to be released is perhaps still held. */
    private boolean execute(List<ZfsCommand<?>> commands) {
        List<Answer<?>> answers = commands.isEmpty() ? List.of() : source.execute(commands);
        boolean released = true;
        for (int i = 0; i < answers.size(); i++) {
            ZfsCommand<?> command = commands.get(i);
            Optional<ZfsFailure> failure = answers.get(i) instanceof Answer.Failed<?> failed
                    ? Optional.of(failed.failure())
                    : Optional.empty();
            failure.ifPresent(this::warn);
            if (command instanceof ZfsCommand.CreateBookmark mark) {
                if (failure.filter(f -> f.kind() != ZfsFailure.Kind.ALREADY_EXISTS)
                        .isPresent()) {
                    missing.add(mark.bookmark());
                } else {
                    missing.remove(mark.bookmark());
                }
            } else if (command instanceof ZfsCommand.Hold) {
                if (failure.filter(f -> f.kind() == ZfsFailure.Kind.NO_PERMISSION)
                        .isPresent()) {
                    mayNotHold.set(true);
                }
            } else if (command instanceof ZfsCommand.Release) {
                released &= failure.map(ZfsFailure::kind)
                        .map(this::tellsThatNothingIsHeld)
                        .orElse(true);
            }
        }
        return released;
    }

    /** Who may neither hold nor release has held nothing; who may hold alone perhaps has. */
    private boolean tellsThatNothingIsHeld(ZfsFailure.Kind kind) {
        return kind == ZfsFailure.Kind.NO_SUCH_POINT
                || kind == ZfsFailure.Kind.NO_SUCH_DATASET
                || kind == ZfsFailure.Kind.NO_PERMISSION && mayNotHold.get();
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
