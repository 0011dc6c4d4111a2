// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.verify.Difference.Aspect;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.FileTree.Entry;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.VolumePieces;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Finds what differs between two copies of a snapshot. */
final class Comparing {

    /** More would help nobody; all are counted. */
    static final int KEPT = 1000;

    private final List<Difference> found = new ArrayList<>();
    private final List<String> unreadableOnSource = new ArrayList<>();
    private final List<String> unreadableOnTarget = new ArrayList<>();
    private long total;

    private Comparing() {}

    static SnapshotVerdict.Outcome of(SnapshotContents source, SnapshotContents target) {
        Comparing comparing = new Comparing();
        long parts = source instanceof FileTree tree
                ? comparing.trees(tree, (FileTree) target)
                : comparing.volumes((VolumePieces) source, (VolumePieces) target);
        return comparing.total == 0
                ? new SnapshotVerdict.Outcome.Same(parts)
                : new SnapshotVerdict.Outcome.Different(comparing.found, comparing.total);
    }

    private void add(Difference difference) {
        if (total < KEPT) {
            found.add(difference);
        }
        total++;
    }

    private long trees(FileTree source, FileTree target) {
        int i = 0;
        int j = 0;
        while (i < source.size() || j < target.size()) {
            int order = i == source.size()
                    ? 1
                    : j == target.size() ? -1 : source.path(i).compareTo(target.path(j));
            if (order < 0) {
                only(Side.SOURCE, source.entry(i++));
            } else if (order > 0) {
                only(Side.TARGET, target.entry(j++));
            } else {
                both(source.entry(i++), target.entry(j++));
            }
        }
        return source.size();
    }

    private void only(Side side, Entry entry) {
        List<String> closed = side == Side.SOURCE ? unreadableOnTarget : unreadableOnSource;
        if (closed.stream().noneMatch(folder -> folder.isEmpty() || entry.path().startsWith(folder + "/"))) {
            add(new Difference.OnlyOn(side, entry.path()));
        }
        if (!entry.readable()) {
            unreadable(side, entry);
        }
    }

    private void both(Entry source, Entry target) {
        if (!source.readable()) {
            unreadable(Side.SOURCE, source);
        }
        if (!target.readable()) {
            unreadable(Side.TARGET, target);
        }
        if (leadsNowhere(source) || leadsNowhere(target)) {
            return;
        }
        Set<Aspect> aspects = EnumSet.noneOf(Aspect.class);
        differ(aspects, Aspect.KIND, source.kind(), target.kind());
        differ(aspects, Aspect.MODE, source.mode(), target.mode());
        differ(aspects, Aspect.OWNER, source.owner(), target.owner());
        differ(aspects, Aspect.GROUP, source.group(), target.group());
        differ(aspects, Aspect.SIZE, source.size(), target.size());
        differ(aspects, Aspect.TIME, source.modified(), target.modified());
        differ(aspects, Aspect.LINK, source.linkTarget(), target.linkTarget());
        if (source.sha256().isPresent() && target.sha256().isPresent()) {
            differ(aspects, Aspect.CONTENTS, source.sha256(), target.sha256());
        }
        if (!aspects.isEmpty()) {
            add(new Difference.Changed(source.path(), aspects));
        }
    }

    /** Nothing is known of it but its name. */
    private static boolean leadsNowhere(Entry entry) {
        return entry.kind() == FileTree.Kind.OTHER && !entry.readable();
    }

    private static void differ(Set<Aspect> aspects, Aspect aspect, Object source, Object target) {
        if (!source.equals(target)) {
            aspects.add(aspect);
        }
    }

    private void unreadable(Side side, Entry entry) {
        add(new Difference.Unreadable(side, entry.path()));
        if (entry.kind() == FileTree.Kind.FOLDER) {
            (side == Side.SOURCE ? unreadableOnSource : unreadableOnTarget).add(entry.path());
        }
    }

    /** Pieces that differ and follow each other are one difference. */
    private long volumes(VolumePieces source, VolumePieces target) {
        if (source.size() != target.size()) {
            add(new Difference.Lengths(source.size(), target.size()));
            return 0;
        }
        long piece = VolumePieces.pieceSize(source.size());
        int both = Math.min(source.sha256().size(), target.sha256().size());
        int from = 0;
        for (int i = 0; i <= both; i++) {
            if (i == both || source.sha256().get(i).equals(target.sha256().get(i))) {
                if (from < i) {
                    add(new Difference.Bytes(from * piece, Math.min(i * piece, source.size())));
                }
                from = i + 1;
            }
        }
        source.unreadableFrom().ifPresent(at -> add(new Difference.UnreadableFrom(Side.SOURCE, at)));
        target.unreadableFrom().ifPresent(at -> add(new Difference.UnreadableFrom(Side.TARGET, at)));
        return both;
    }
}
