// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.BookmarkName;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The verbs that change snapshots, bookmarks and holds. */
final class PointVerbs {

    private static final String NONE_FOUND = "could not find any snapshots to destroy; check snapshot names.";

    private final FakeZfs zfs;

    PointVerbs(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("snapshot", "ro:", this::snapshot);
        verbs.on("bookmark", "", this::bookmark);
        verbs.on("hold", "", this::hold);
        verbs.on("release", "", this::release);
        verbs.on("rollback", "r", this::rollback);
        verbs.on("destroy", "rd", this::destroy);
    }

    private void snapshot(Invocation call, Printer to) {
        Scope scope = call.has('r') ? Scope.SUBTREE : Scope.SELF;
        Changing.run(zfs, new ZfsCommand.TakeSnapshots(call.snapshotsFrom(0), scope, call.assignments('o')), to);
    }

    private void bookmark(Invocation call, Printer to) {
        call.requireOperands(2);
        if (!(PointName.of(call.operand(1)) instanceof BookmarkName made)) {
            throw new NotModelled("zfs bookmark that makes " + call.operand(1));
        }
        Changing.run(zfs, new ZfsCommand.CreateBookmark(PointName.of(call.operand(0)), made), to);
    }

    /** It holds what it can, and complains of the rest. */
    private void hold(Invocation call, Printer to) {
        String tag = call.operand(0);
        List<SnapshotName> names = call.snapshotsFrom(1);
        List<String> complaints = new ArrayList<>();
        for (SnapshotName name : names) {
            if (isHeld(name, tag)) {
                complaints.add("cannot hold snapshot '" + name + "': tag already exists on this dataset");
            }
        }
        change(new ZfsCommand.Hold(tag, names), complaints, to);
    }

    private void release(Invocation call, Printer to) {
        String tag = call.operand(0);
        List<SnapshotName> names = call.snapshotsFrom(1);
        List<String> complaints = new ArrayList<>();
        for (SnapshotName name : names) {
            boolean missing = zfs.look(host -> host.findSnapshot(name) == null);
            if (missing || !isHeld(name, tag)) {
                complaints.add("cannot release hold from snapshot '" + name + "': "
                        + (missing ? "dataset does not exist" : "no such tag on this dataset"));
            }
        }
        change(new ZfsCommand.Release(tag, names), complaints, to);
    }

    private void change(ZfsCommand<Effect> command, List<String> complaints, Printer to) {
        if (zfs.execute(command) instanceof Answer.Failed<Effect> failed) {
            to.complain(1, failed.failure());
        }
        complaints.forEach(complaint -> to.complain(1, complaint));
    }

    private boolean isHeld(SnapshotName name, String tag) {
        return zfs.look(host -> {
            FakeSnapshot snapshot = host.findSnapshot(name);
            return snapshot != null && snapshot.holds().contains(tag);
        });
    }

    private void rollback(Invocation call, Printer to) {
        call.requireOperands(1);
        Changing.run(zfs, new ZfsCommand.Rollback(call.snapshot(0), call.has('r')), to);
    }

    private void destroy(Invocation call, Printer to) {
        call.requireOperands(1);
        String what = call.operand(0);
        int at = what.indexOf('@');
        if (what.indexOf('#') >= 0) {
            BookmarkName bookmark = (BookmarkName) PointName.of(what);
            Changing.run(
                    zfs, new ZfsCommand.DestroyBookmark(bookmark), "bookmark '" + bookmark + "' does not exist.", to);
        } else if (at < 0) {
            if (call.has('d')) {
                throw new NotModelled("zfs destroy -d of a dataset");
            }
            Scope scope = call.has('r') ? Scope.SUBTREE : Scope.SELF;
            Changing.run(zfs, new ZfsCommand.DestroyDataset(DatasetName.of(what), scope), to);
        } else if (call.has('r') || call.has('d') || what.indexOf('%') >= 0) {
            destroySnapshots(call, DatasetName.of(what.substring(0, at)), what.substring(at + 1), to);
        } else {
            DatasetName dataset = DatasetName.of(what.substring(0, at));
            List<String> labels = Arrays.asList(what.substring(at + 1).split(","));
            Changing.run(zfs, new ZfsCommand.DestroySnapshots(dataset, labels), NONE_FOUND, to);
        }
    }

    /** The forms that the port does not ask for. */
    private void destroySnapshots(Invocation call, DatasetName name, String which, Printer to) {
        if (!zfs.isRoot()) {
            throw new NotModelled("zfs destroy of ranges, with -r or with -d by somebody who is not root");
        }
        zfs.look(host -> {
            FakeDataset dataset = host.find(name);
            if (dataset == null) {
                to.complain(1, "cannot open '" + name + "': dataset does not exist");
                return host;
            }
            List<FakeSnapshot> victims = new ArrayList<>();
            if (call.has('r')) {
                dataset.walk(each -> victims.addAll(SnapshotRange.of(each.timeline(), which)));
            } else {
                victims.addAll(SnapshotRange.of(dataset.timeline(), which));
            }
            if (victims.isEmpty()) {
                to.complain(1, NONE_FOUND);
                return host;
            }
            try {
                PointCommands.destroy(host, victims, call.has('d'));
            } catch (Refusal e) {
                to.complain(1, e.text());
            }
            return host;
        });
    }
}
