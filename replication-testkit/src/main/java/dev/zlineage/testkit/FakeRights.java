// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What OpenZFS asks of a user before it does something. Everyone may look. */
final class FakeRights {

    private final FakeHost host;
    private final FakeUser user;

    FakeRights(FakeHost host, FakeUser user) {
        this.host = host;
        this.user = user;
    }

    Permissions list(List<DatasetName> names) {
        return host.delegation().of(user, names);
    }

    private boolean has(String permission, DatasetName on) {
        return list(List.of(on)).allow(permission, on);
    }

    private void need(String what, DatasetName on, String... permissions) {
        for (String permission : permissions) {
            if (!has(permission, on)) {
                throw new Refusal(Kind.NO_PERMISSION, what + ": permission denied");
            }
        }
    }

    private void property(DatasetName on, String name) {
        need("cannot set property for '" + on + "'", on, Permissions.toSet(name));
    }

    void check(ZfsCommand<?> command) {
        if (command instanceof ZfsCommand.TakeSnapshots take) {
            for (SnapshotName name : take.names()) {
                host.visit(
                        List.of(name.dataset()),
                        take.scope(),
                        d -> need("cannot create snapshots", d.name(), "snapshot"));
            }
        } else if (command instanceof ZfsCommand.CreateBookmark create) {
            need(
                    "cannot create bookmark '" + create.bookmark() + "'",
                    create.bookmark().dataset(),
                    "bookmark");
        } else if (command instanceof ZfsCommand.Hold hold) {
            hold.snapshots().forEach(s -> need("cannot hold", s.dataset(), "hold"));
        } else if (command instanceof ZfsCommand.Release release) {
            release.snapshots().forEach(s -> need("cannot release", s.dataset(), "release"));
        } else if (command instanceof ZfsCommand.Rollback back) {
            need(
                    "cannot rollback '" + back.snapshot().dataset() + "'",
                    back.snapshot().dataset(),
                    "rollback");
            FakeSnapshot base = host.findSnapshot(back.snapshot());
            if (back.destroyNewer()
                    && base != null
                    && !base.owner().timeline().newerThan(base).isEmpty()) {
                destroy(back.snapshot().dataset());
            }
        } else if (command instanceof ZfsCommand.Promote promote) {
            promote(promote.promoted());
        } else if (command instanceof ZfsCommand.Mount mount) {
            throw new Refusal(Kind.NO_PERMISSION, "cannot mount '" + mount.filesystem() + "': Insufficient privileges");
        } else if (command instanceof ZfsCommand.LoadKey load) {
            need("Key load error", load.root(), "load-key");
        } else if (command instanceof ZfsCommand.CheckKey check) {
            need("Key load error", check.root(), "load-key");
        } else if (command instanceof ZfsCommand.InheritKey inherit) {
            need("Key change error", inherit.dataset(), "change-key");
        } else if (command instanceof ZfsCommand.UnloadKey unload) {
            need("Key unload error", unload.root(), "load-key");
        } else if (command instanceof ZfsCommand.SetProperties set) {
            set.properties().keySet().forEach(name -> property(set.dataset(), name));
        } else if (command instanceof ZfsCommand.InheritProperty inherit) {
            property(inherit.dataset(), inherit.property());
        } else {
            names(command);
        }
    }

    private void names(ZfsCommand<?> command) {
        if (command instanceof ZfsCommand.DestroySnapshots destroy) {
            need("cannot destroy snapshots", destroy.dataset(), "destroy", "mount");
        } else if (command instanceof ZfsCommand.DestroyBookmark destroy) {
            need("cannot destroy bookmark", destroy.bookmark().dataset(), "destroy");
        } else if (command instanceof ZfsCommand.DestroyDataset destroy) {
            host.visit(List.of(destroy.dataset()), destroy.scope(), d -> destroy(d.name()));
        } else if (command instanceof ZfsCommand.AbortReceive abort) {
            destroy(abort.target());
        } else if (command instanceof ZfsCommand.RenameDataset rename) {
            need("cannot rename '" + rename.from() + "'", rename.from(), "rename", "mount");
            create(rename.to(), Map.of());
        } else if (command instanceof ZfsCommand.RenameSnapshot rename) {
            need("cannot rename '" + rename.from() + "'", rename.from().dataset(), "rename", "mount");
        } else if (command instanceof ZfsCommand.CreateFilesystem create) {
            create(create.name(), create.properties());
        } else if (command instanceof ZfsCommand.CreateVolume create) {
            create(create.name(), create.properties());
        } else if (command instanceof ZfsCommand.CloneSnapshot clone) {
            need("cannot create '" + clone.name() + "'", clone.origin().dataset(), "clone");
            create(clone.name(), clone.properties());
        }
    }

    private void promote(DatasetName clone) {
        need("cannot promote '" + clone + "'", clone, "promote", "mount");
        FakeDataset dataset = host.find(clone);
        if (dataset != null && dataset.origin() != null) {
            need("cannot promote '" + clone + "'", dataset.origin().owner().name(), "promote");
        }
    }

    private void destroy(DatasetName on) {
        need("cannot destroy '" + on + "'", on, "destroy", "mount");
    }

    private void create(DatasetName name, Map<String, String> properties) {
        need("cannot create '" + name + "'", name.parent().orElse(name), "create", "mount");
        properties.keySet().forEach(property -> property(name, property));
    }

    /** A series holds what it sends. */
    void check(SendStream stream) {
        SnapshotName to = to(stream);
        need("warning: cannot send '" + to + "'", to.dataset(), "send");
        if (stream instanceof SendStream.Series) {
            need("cannot hold: permission denied\ncannot send '" + to.dataset() + "'", to.dataset(), "hold");
        }
    }

    private static SnapshotName to(SendStream stream) {
        if (stream instanceof SendStream.Full full) {
            return full.to();
        }
        if (stream instanceof SendStream.Increment increment) {
            return increment.to();
        }
        if (stream instanceof SendStream.Series series) {
            return series.to();
        }
        SendStream.Resume resume = (SendStream.Resume) stream;
        return (SnapshotName) PointName.of(Token.parse(resume.token()).toName());
    }

    void check(ReceiveStream receive) {
        DatasetName to = receive.target();
        DatasetName on = host.find(to) == null ? to.parent().orElse(to) : to;
        need("cannot receive stream", on, "receive", "mount", "create");
        FakeDataset into = host.find(on);
        if (into != null) {
            CountLimits.requireOneMore(into, "snapshot_limit", this::has);
        }
        if (into != null && !on.equals(to)) {
            CountLimits.requireOneMore(into, "filesystem_limit", this::has);
        }
    }

    /** What may not be set is left out without a word. */
    ReceiveStream permitted(ReceiveStream receive) {
        Map<String, String> set = new LinkedHashMap<>(receive.set());
        set.keySet().removeIf(name -> !has(Permissions.toSet(name), receive.target()));
        return new ReceiveStream(
                receive.target(),
                receive.resumable(),
                receive.mount(),
                set,
                receive.exclude(),
                receive.origin(),
                receive.overwriteEmpty());
    }
}
