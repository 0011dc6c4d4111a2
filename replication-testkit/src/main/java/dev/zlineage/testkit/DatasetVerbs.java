// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.Map;

/** The verbs that change datasets, their properties and their keys. */
final class DatasetVerbs {

    /** What {@code zfs} exits with where it forgot to say 1. */
    private static final int MINUS_ONE = 255;

    private final FakeZfs zfs;

    DatasetVerbs(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("create", "V:o:", this::create);
        verbs.on("clone", "o:", this::clone);
        verbs.on("promote", "", this::promote);
        verbs.on("rename", "u", this::rename);
        verbs.on("set", "", this::set);
        verbs.on("inherit", "", this::inherit);
        verbs.on("mount", "", this::mount);
        verbs.on("load-key", "nL:", this::loadKey);
        verbs.on("change-key", "i", this::changeKey);
        verbs.on("unload-key", "", this::unloadKey);
    }

    private void create(Invocation call, Printer to) {
        call.requireOperands(1);
        Map<String, String> properties = call.assignments('o');
        DatasetName name = call.dataset(0);
        Changing.run(
                zfs,
                call.has('V')
                        ? new ZfsCommand.CreateVolume(name, size(call.value('V', "")), properties)
                        : new ZfsCommand.CreateFilesystem(name, properties),
                to);
    }

    private static long size(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NotModelled("the size " + text + ": it is wanted in bytes");
        }
    }

    private void clone(Invocation call, Printer to) {
        call.requireOperands(2);
        Changing.run(zfs, new ZfsCommand.CloneSnapshot(call.snapshot(0), call.dataset(1), call.assignments('o')), to);
    }

    private void promote(Invocation call, Printer to) {
        call.requireOperands(1);
        Changing.run(zfs, new ZfsCommand.Promote(call.dataset(0)), to);
    }

    private void rename(Invocation call, Printer to) {
        call.requireOperands(2);
        if (call.operand(0).indexOf('@') >= 0) {
            renameSnapshot(call, to);
            return;
        }
        DatasetName from = call.dataset(0);
        boolean volume = zfs.look(host -> {
            FakeDataset dataset = host.find(from);
            return dataset != null && dataset.kind() == DatasetKind.VOLUME;
        });
        if (call.has('u') && volume) {
            to.complain(1, "cannot open '" + from + "': operation not applicable to datasets of this type");
        } else {
            Changing.run(zfs, new ZfsCommand.RenameDataset(from, call.dataset(1)), to);
        }
    }

    private void renameSnapshot(Invocation call, Printer to) {
        SnapshotName from = call.snapshot(0);
        SnapshotName renamed = call.snapshot(1);
        if (call.has('u') || !renamed.dataset().equals(from.dataset())) {
            throw new NotModelled("zfs rename of a snapshot to another dataset, or with -u");
        }
        Changing.run(zfs, new ZfsCommand.RenameSnapshot(from, renamed.label()), to);
    }

    private void set(Invocation call, Printer to) {
        int last = call.operands().size() - 1;
        Map<String, String> properties = Invocation.assignments(call.operands().subList(0, Math.max(0, last)));
        Changing.run(zfs, new ZfsCommand.SetProperties(call.dataset(Math.max(1, last)), properties), MINUS_ONE, to);
    }

    private void inherit(Invocation call, Printer to) {
        call.requireOperands(2);
        Changing.run(zfs, new ZfsCommand.InheritProperty(call.dataset(1), call.operand(0)), to);
    }

    private void mount(Invocation call, Printer to) {
        call.requireOperands(1);
        Changing.run(
                zfs,
                new ZfsCommand.Mount(call.dataset(0)),
                "cannot mount '" + call.dataset(0) + "': filesystem already mounted",
                to);
    }

    private void loadKey(Invocation call, Printer to) {
        call.requireOperands(1);
        if (!call.value('L', "").equals("prompt")) {
            throw new NotModelled("zfs load-key without -L prompt");
        }
        try (Secret key = new Secret(call.input())) {
            if (call.has('n')) {
                Changing.run(zfs, new ZfsCommand.CheckKey(call.dataset(0), key), MINUS_ONE, "", to);
                return;
            }
            Changing.run(
                    zfs,
                    new ZfsCommand.LoadKey(call.dataset(0), key),
                    MINUS_ONE,
                    "Key load error: Key already loaded for '" + call.dataset(0) + "'.",
                    to);
        }
    }

    private void changeKey(Invocation call, Printer to) {
        call.requireOperands(1);
        if (!call.has('i')) {
            throw new NotModelled("zfs change-key without -i");
        }
        Changing.run(
                zfs,
                new ZfsCommand.InheritKey(call.dataset(0)),
                MINUS_ONE,
                "Key change error: Key inheritting can only be performed on encryption roots.",
                to);
    }

    private void unloadKey(Invocation call, Printer to) {
        call.requireOperands(1);
        Changing.run(
                zfs,
                new ZfsCommand.UnloadKey(call.dataset(0)),
                MINUS_ONE,
                "Key unload error: Key already unloaded for '" + call.dataset(0) + "'.",
                to);
    }
}
