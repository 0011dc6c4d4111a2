// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.zfs.Bookmark;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the source keeps so that the next run finds a base, whatever is destroyed there in the meantime: a bookmark of what
 * the target will end in, before anything is sent, and one of what it holds now where there is none yet, which is how a
 * series that was cut goes on. All that they make superfluous goes once the target was verified.
 *
 * <p>A run that died leaves a hold. It also leaves more bookmarks than one, which tells; a first transfer has no older one to
 * leave, nor has one that sends anew what the target had, so these make one for that purpose.
 *
 * @param ofGoal the bookmark to make of the snapshot that the target is to end in
 * @param temporary bookmarks to make for as long as the run takes
 * @param obsolete bookmarks of ours to destroy in the end
 * @param release snapshots to release in the end
 * @param unmarkable whether the dataset's name leaves no room for a bookmark
 */
record Continuity(
        Optional<NewBookmark> ofGoal,
        List<NewBookmark> temporary,
        List<BookmarkName> obsolete,
        List<SnapshotName> release,
        boolean unmarkable) {

    static final Continuity NONE = new Continuity(Optional.empty(), List.of(), List.of(), List.of(), false);

    /**
     * Decides it.
     *
     * @param sent the snapshot that the target is to end in; empty where nothing is sent
     * @param base what both sides have now
     */
    static Continuity of(
            OnPoolNames names, Dataset source, History history, Optional<Snapshot> sent, Optional<Base> base) {
        List<Bookmark> ours = names.ours(history);
        Optional<BookmarkName> open = names.open(source.name());
        boolean opened = open.isPresent()
                && history.bookmarks().stream()
                        .anyMatch(b -> b.label().equals(open.get().label()));
        Optional<Snapshot> common =
                base.map(Base::onSource).filter(Snapshot.class::isInstance).map(Snapshot.class::cast);
        Optional<Snapshot> goal = sent.or(() -> common);
        Guid keep = goal.map(Snapshot::guid)
                .or(() -> base.map(b -> b.onTarget().guid()))
                .orElse(Guid.PLANNED);
        List<BookmarkName> obsolete = new ArrayList<>();
        List<SnapshotName> release = new ArrayList<>();
        for (Bookmark mine : ours) {
            if (!mine.guid().equals(keep)) {
                obsolete.add(source.name().bookmark(mine.label()));
                history.snapshots().stream()
                        .filter(s -> s.guid().equals(mine.guid()))
                        .forEach(s -> release.add(source.name().snapshot(s.label())));
            }
        }
        boolean onlyOpen = sent.isEmpty()
                && common.isEmpty()
                && base.filter(b -> ours.stream()
                                .noneMatch(
                                        mine -> mine.guid().equals(b.onTarget().guid())))
                        .isPresent();
        if (opened && !onlyOpen) { // that of the goal may have failed, and its snapshot be gone: then it is the base
            obsolete.add(open.get());
        }
        if (!obsolete.isEmpty() && sent.isEmpty() && !source.readonly()) {
            common.ifPresent(s -> release.add(source.name().snapshot(s.label())));
        }
        return new Continuity(
                goal.flatMap(s -> bookmark(names, source, ours, s)),
                temporary(names, source, ours, sent, common, opened ? Optional.empty() : open),
                obsolete,
                release,
                goal.filter(s -> names.bookmark(source.name(), s.guid()).isEmpty())
                        .isPresent());
    }

    private static List<NewBookmark> temporary(
            OnPoolNames names,
            Dataset source,
            List<Bookmark> ours,
            Optional<Snapshot> sent,
            Optional<Snapshot> common,
            Optional<BookmarkName> open) {
        if (sent.isEmpty()) {
            return List.of();
        }
        Optional<NewBookmark> ofBase = common.flatMap(s -> bookmark(names, source, ours, s));
        // that of the goal is there before a run which sends the same once more, and tells nothing
        boolean older = ours.stream().anyMatch(b -> !b.guid().equals(sent.get().guid()));
        if (ofBase.isPresent() || older) {
            return ofBase.stream().toList();
        }
        return open
                .map(name -> new NewBookmark(source.name().snapshot(sent.get().label()), name))
                .stream()
                .toList();
    }

    private static Optional<NewBookmark> bookmark(
            OnPoolNames names, Dataset source, List<Bookmark> ours, Snapshot snapshot) {
        return names.bookmark(source.name(), snapshot.guid())
                .filter(name -> ours.stream().noneMatch(b -> b.guid().equals(snapshot.guid())))
                .map(name -> new NewBookmark(source.name().snapshot(snapshot.label()), name));
    }
}
