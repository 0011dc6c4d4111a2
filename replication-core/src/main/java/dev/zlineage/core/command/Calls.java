// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns commands of the port into calls of the program. */
final class Calls {

    /** The longest argument that Linux takes is 128 KiB. */
    private static final int MAX_ARGUMENT = 120 * 1024;

    /** A line of several arguments may have 2 MiB there, the environment included. */
    private static final int MAX_LINE = 1800 * 1024;

    private final List<String> program;

    private Calls(List<String> program) {
        this.program = program;
    }

    /**
     * The call for a command.
     *
     * @param changes whether the host knows when snapshots of a dataset changed
     * @throws IllegalArgumentException if the command can't be put into arguments
     */
    static Call<?> of(List<String> program, ZfsCommand<?> command, boolean changes) {
        Calls calls = new Calls(program);
        Call<?> reading = calls.reading(command, changes);
        return reading != null ? reading : calls.changing(command);
    }

    private @Nullable Call<?> reading(ZfsCommand<?> command, boolean changes) {
        if (command instanceof ZfsCommand.ListDatasets list) {
            return datasets(list, changes);
        }
        if (command instanceof ZfsCommand.ListHistories list) {
            return histories(list);
        }
        if (command instanceof ZfsCommand.ListWritten list) {
            return bytes("written", list.snapshots());
        }
        if (command instanceof ZfsCommand.ListUsed list) {
            return bytes("used", list.snapshots());
        }
        if (command instanceof ZfsCommand.ListHolds list) {
            return holds(list);
        }
        if (command instanceof ZfsCommand.ListHoldTimes list) {
            Set<SnapshotName> snapshots = new LinkedHashSet<>(list.snapshots());
            return snapshots.isEmpty()
                    ? new NothingToDo<>(Map.of())
                    : Listing.ofAll(zfs("holds", "-H", "-p").spread(snapshots), new HoldTimesReader(snapshots));
        }
        if (command instanceof ZfsCommand.PartialSince since) {
            return new PartialSinceCall(
                    zfs("get", "-H", "-p", "-o", "value", "creation", since.target() + "/%recv")
                            .line(),
                    zfs(
                                    "get",
                                    "-H",
                                    "-p",
                                    "-o",
                                    "value",
                                    "creation",
                                    since.target().value())
                            .line());
        }
        if (command instanceof ZfsCommand.GetProperties get) {
            return properties(get);
        }
        if (command instanceof ZfsCommand.ListSnapshotProperty list) {
            return snapshotProperty(list);
        }
        if (command instanceof ZfsCommand.ListLocalProperties list) {
            return Listing.ofAll(
                    List.of(zfs("get", "-H", "-p", "-s", "local", "-o", "property,value", "all")
                            .add(list.dataset().value())
                            .line()),
                    new LocalPropertyReader());
        }
        if (command instanceof ZfsCommand.ListFeatures list) {
            return Listing.ofAll(
                    List.of(Argv.of(zpool(), "get", "-H", "-p", "-o", "property,value", "all")
                            .add(list.pool().pool().value())
                            .line()),
                    new FeatureReader());
        }
        if (command instanceof ZfsCommand.CountObjects count) {
            return Listing.ofAll(
                    List.of(zfs("userspace", "-H", "-p", "-n", "-o", "name,objused")
                            .add(count.filesystem().value())
                            .line()),
                    new SumReader());
        }
        if (command instanceof ZfsCommand.EstimateSend estimate) {
            return Listing.ofAll(
                    List.of(StreamArgv.estimate(program, estimate.stream()).line()), new EstimateReader());
        }
        if (command instanceof ZfsCommand.ReadToken read) {
            return new TokenCall(StreamArgv.estimate(program, new SendStream.Resume(read.token()))
                    .line());
        }
        return null;
    }

    private Call<?> changing(ZfsCommand<?> command) {
        if (command instanceof ZfsCommand.TakeSnapshots take) {
            return takeSnapshots(take);
        }
        if (command instanceof ZfsCommand.CreateBookmark create) {
            return new Change(
                    zfs("bookmark", create.of().toString(), create.bookmark().toString()));
        }
        if (command instanceof ZfsCommand.Hold hold) {
            return tag("hold", hold.tag(), hold.snapshots(), text -> text.contains("tag already exists"));
        }
        if (command instanceof ZfsCommand.Release release) {
            return tag(
                    "release",
                    release.tag(),
                    release.snapshots(),
                    text -> text.contains("no such tag") || text.endsWith("does not exist"));
        }
        if (command instanceof ZfsCommand.DestroySnapshots destroy) {
            return destroySnapshots(destroy);
        }
        if (command instanceof ZfsCommand.DestroyBookmark destroy) {
            String gone = "bookmark '" + destroy.bookmark() + "' does not exist";
            return new Change(zfs("destroy", destroy.bookmark().toString()), text -> text.startsWith(gone));
        }
        if (command instanceof ZfsCommand.DestroyDataset destroy) {
            return new Change(zfs("destroy")
                    .addIf(destroy.scope() == Scope.SUBTREE, "-r")
                    .add(destroy.dataset().value()));
        }
        if (command instanceof ZfsCommand.Rollback rollback) {
            return new Change(zfs("rollback")
                    .addIf(rollback.destroyNewer(), "-r")
                    .add(rollback.snapshot().toString()));
        }
        if (command instanceof ZfsCommand.RenameDataset rename) {
            String from = rename.from().value();
            String to = rename.to().value();
            return new Change.Rename(zfs("rename", "-u", from, to), zfs("rename", from, to));
        }
        if (command instanceof ZfsCommand.RenameSnapshot rename) {
            SnapshotName to = rename.from().dataset().snapshot(rename.label());
            return new Change(zfs("rename", rename.from().toString(), to.toString()));
        }
        return creatingOrSetting(command);
    }

    private Call<?> creatingOrSetting(ZfsCommand<?> command) {
        if (command instanceof ZfsCommand.CreateFilesystem create) {
            return new Change(zfs("create")
                    .addOptions(create.properties())
                    .add(create.name().value()));
        }
        if (command instanceof ZfsCommand.CreateVolume create) {
            return new Change(zfs("create", "-V", Long.toString(create.size()))
                    .addOptions(create.properties())
                    .add(create.name().value()));
        }
        if (command instanceof ZfsCommand.CloneSnapshot clone) {
            return new Change(zfs("clone")
                    .addOptions(clone.properties())
                    .add(clone.origin().toString())
                    .add(clone.name().value()));
        }
        if (command instanceof ZfsCommand.Promote promote) {
            return new Change(zfs("promote", promote.promoted().value()));
        }
        if (command instanceof ZfsCommand.SetProperties set) {
            return setProperties(set);
        }
        if (command instanceof ZfsCommand.InheritProperty inherit) {
            return new Change(zfs(
                    "inherit",
                    Argv.property(inherit.property()),
                    inherit.dataset().value()));
        }
        if (command instanceof ZfsCommand.Mount mount) {
            return new Change(
                    zfs("mount", mount.filesystem().value()), text -> text.endsWith("filesystem already mounted"));
        }
        if (command instanceof ZfsCommand.LoadKey load) {
            return new Change(
                    List.of(zfs("load-key", "-L", "prompt", load.root().value())
                            .line(load.key().reveal())),
                    1,
                    text -> text.contains("Key already loaded"));
        }
        if (command instanceof ZfsCommand.CheckKey check) {
            return new Change(
                    List.of(zfs("load-key", "-n", "-L", "prompt", check.root().value())
                            .line(check.key().reveal())),
                    1,
                    text -> false);
        }
        if (command instanceof ZfsCommand.InheritKey inherit) {
            return new Change(
                    zfs("change-key", "-i", inherit.dataset().value()),
                    text -> text.contains("can only be performed on encryption roots"));
        }
        if (command instanceof ZfsCommand.UnloadKey unload) {
            return new Change(zfs("unload-key", unload.root().value()), text -> text.contains("Key already unloaded"));
        }
        if (command instanceof ZfsCommand.StoreKey store) {
            return KeyFileCall.store(store);
        }
        if (command instanceof ZfsCommand.RemoveKey remove) {
            return KeyFileCall.remove(remove);
        }
        ZfsCommand.AbortReceive abort = (ZfsCommand.AbortReceive) command;
        return new Change(zfs("receive", "-A", abort.target().value()));
    }

    private Call<?> datasets(ZfsCommand.ListDatasets list, boolean changes) {
        Set<DatasetName> names = Tops.of(list.names(), list.scope());
        if (names.isEmpty()) {
            return new NothingToDo<>(List.of());
        }
        Argv argv = zfs("list", "-H", "-p");
        argv = list.scope() == Scope.SUBTREE ? argv.add("-r") : argv.add("-d").add("0");
        argv.add("-t").add("filesystem,volume").add("-o").add(DatasetRows.columns(changes));
        return Listing.ofExisting(
                argv.spread(names), names, new DatasetReader(changes, Tops.expected(names, list.scope())));
    }

    private Call<?> histories(ZfsCommand.ListHistories list) {
        Set<DatasetName> names = Tops.of(list.names(), list.scope());
        if (names.isEmpty()) {
            return new NothingToDo<>(Map.of());
        }
        Argv argv = zfs("list", "-H", "-p");
        // a depth of one reaches the snapshots and bookmarks of a dataset, and not yet those of its children
        argv = list.scope() == Scope.SUBTREE ? argv.add("-r") : argv.add("-d").add("1");
        argv.add("-t").add("snapshot,bookmark").add("-o").add(HistoryRows.COLUMNS);
        HistoryRows rows = new HistoryRows(Tops.expected(names, list.scope()));
        return Listing.ofExisting(argv.spread(names), names, new Listing.Reader<Map<DatasetName, History>>() {
            @Override
            public void read(String stdout) throws UnreadableException {
                rows.read(stdout);
            }

            @Override
            public Map<DatasetName, History> answer() {
                return rows.histories();
            }
        });
    }

    private Call<?> bytes(String property, List<SnapshotName> names) {
        Set<SnapshotName> snapshots = new LinkedHashSet<>(names);
        if (snapshots.isEmpty()) {
            return new NothingToDo<>(Map.of());
        }
        return Listing.ofExisting(
                zfs("get", "-H", "-p", "-o", "name,value", property).spread(snapshots),
                snapshots,
                new SnapshotBytesReader(snapshots));
    }

    private Call<?> holds(ZfsCommand.ListHolds list) {
        Set<SnapshotName> snapshots = new LinkedHashSet<>(list.snapshots());
        if (snapshots.isEmpty()) {
            return new NothingToDo<>(Map.of());
        }
        return Listing.ofAll(zfs("holds", "-H").spread(snapshots), new HoldsReader(snapshots));
    }

    private Call<?> properties(ZfsCommand.GetProperties get) {
        Set<DatasetName> names = new LinkedHashSet<>(get.names());
        Set<String> properties = new LinkedHashSet<>(get.properties());
        if (names.isEmpty() || properties.isEmpty()) {
            return new NothingToDo<>(List.of());
        }
        properties.forEach(Argv::property);
        return Listing.ofAll(
                zfs("get", "-H", "-p", "-o", "name,property,value,source", String.join(",", properties))
                        .spread(names),
                new PropertyReader(names, properties));
    }

    private Call<?> snapshotProperty(ZfsCommand.ListSnapshotProperty list) {
        Set<DatasetName> names = Tops.of(list.names(), list.scope());
        if (list.property().indexOf(':') < 0) {
            throw new IllegalArgumentException("'" + list.property() + "' is no user property: its name has no colon");
        }
        if (names.isEmpty()) {
            return new NothingToDo<>(Map.of());
        }
        Argv argv = zfs("get", "-H", "-p");
        argv = list.scope() == Scope.SUBTREE ? argv.add("-r") : argv.add("-d").add("1");
        // every snapshot gets a row, set or not: so a value that looks like a row is found out
        argv.add("-t").add("snapshot").add("-o").add("name,value,source").add(Argv.property(list.property()));
        return Listing.ofExisting(
                argv.spread(names), names, new SnapshotPropertyReader(Tops.expected(names, list.scope())));
    }

    private Call<?> takeSnapshots(ZfsCommand.TakeSnapshots take) {
        if (take.names().isEmpty()) {
            return new NothingToDo<>(Effect.ALREADY);
        }
        // one line whatever its length: all or none
        Argv argv = zfs("snapshot").addIf(take.scope() == Scope.SUBTREE, "-r").addOptions(take.userProperties());
        new LinkedHashSet<>(take.names()).forEach(name -> argv.add(name.toString()));
        requireOneLine(argv, take.names().size());
        return new Change(argv);
    }

    /**
     * Spread over several lines they would be of several transaction groups; with those of what is left out, to be destroyed
     * afterwards, a crash would leave snapshots where nobody asked for any.
     */
    private void requireOneLine(Argv argv, int snapshots) {
        // sudo and doas put the whole line into one variable of the environment
        boolean alone = program.size() == 1;
        int most = alone ? MAX_LINE : MAX_ARGUMENT;
        int bytes = argv.argv().stream().mapToInt(Argv::bytes).sum();
        if (bytes > most) {
            throw new IllegalArgumentException(snapshots
                    + " snapshots can't be taken at once: their names take " + bytes
                    + " bytes, and one command may have "
                    + most + (alone ? "" : " behind " + program.get(0))
                    + "; leave nothing out of the tree, so that its top is named alone"
                    + (alone ? "" : ", or run zfs as a user with zfs allow snapshot"));
        }
    }

    private Call<?> tag(String verb, String tag, List<SnapshotName> snapshots, Predicate<String> doneBefore) {
        if (tag.isEmpty()) {
            throw new IllegalArgumentException("the tag of a hold is empty");
        }
        Set<SnapshotName> distinct = new LinkedHashSet<>(snapshots);
        if (distinct.isEmpty()) {
            return new NothingToDo<>(Effect.ALREADY);
        }
        Argv argv = zfs(verb).addIf(tag.startsWith("-"), "--").add(tag);
        return new Change(argv.spread(distinct), distinct.size(), doneBefore);
    }

    private Call<?> destroySnapshots(ZfsCommand.DestroySnapshots destroy) {
        if (destroy.labels().isEmpty()) {
            return new NothingToDo<>(Effect.ALREADY);
        }
        // checked one by one: a comma or a percent sign in a label would name other snapshots
        Set<String> labels = new LinkedHashSet<>();
        destroy.labels()
                .forEach(label -> labels.add(destroy.dataset().snapshot(label).label()));
        String operand = destroy.dataset() + "@" + String.join(",", labels);
        if (Argv.bytes(operand) > MAX_ARGUMENT) {
            throw new IllegalArgumentException(
                    labels.size() + " snapshots are too many to be destroyed all or none: their names take more than "
                            + MAX_ARGUMENT + " bytes");
        }
        return new Change(
                List.of(zfs("destroy", operand).line()), 1, text -> text.startsWith("could not find any snapshots"));
    }

    private Call<?> setProperties(ZfsCommand.SetProperties set) {
        if (set.properties().isEmpty()) {
            return new NothingToDo<>(Effect.ALREADY);
        }
        List<String> assignments = new ArrayList<>();
        set.properties().forEach((name, value) -> assignments.add(Argv.property(name) + "=" + value));
        Argv argv = zfs("set");
        assignments.stream().sorted().forEach(argv::add);
        return new Change(argv.add(set.dataset().value()));
    }

    /** It lies beside {@code zfs}. Everyone may ask it, and sudo may know {@code zfs} alone. */
    private List<String> zpool() {
        String zfs = program.get(program.size() - 1);
        return List.of(zfs.substring(0, zfs.lastIndexOf('/') + 1) + "zpool");
    }

    private Argv zfs(String... arguments) {
        return Argv.of(program, arguments);
    }
}
