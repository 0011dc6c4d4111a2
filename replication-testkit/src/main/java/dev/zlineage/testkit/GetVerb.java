// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** {@code zfs get}. */
final class GetVerb {

    private static final String HIDDEN = "/%recv";

    private final FakeZfs zfs;

    GetVerb(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("get", "Hprd:t:o:s:", this::get);
    }

    private void get(Invocation call, Printer to) {
        call.requireScripted();
        String properties = call.operand(0);
        String first = call.operand(1);
        if (call.has('t')) {
            ofSnapshots(call, properties, to);
        } else if (call.has('s')) {
            local(call, properties, to);
        } else if (first.endsWith(HIDDEN)) {
            hidden(call, properties, to);
        } else if (first.indexOf('@') >= 0) {
            bytes(call, properties, to);
        } else {
            properties(call, List.of(properties.split(",")), to);
        }
    }

    private void properties(Invocation call, List<String> properties, Printer to) {
        answer(
                zfs.execute(new ZfsCommand.GetProperties(call.datasetsFrom(1), properties)),
                to,
                values -> values.forEach(
                        value -> print(call, to, value.dataset(), value.property(), value.value(), value.source())));
    }

    /** One user property of all snapshots of datasets: a row for each, set, inherited or neither. */
    private void ofSnapshots(Invocation call, String property, Printer to) {
        boolean below = call.has('r') && !call.has('d');
        if (!call.value('t', "").equals("snapshot")
                || !below && !call.value('d', "").equals("1")) {
            throw new NotModelled("zfs get for anything but the snapshots of datasets");
        }
        List<DatasetName> names = call.datasetsFrom(1);
        Scope scope = below ? Scope.SUBTREE : Scope.SELF;
        answer(zfs.execute(new ZfsCommand.ListSnapshotProperty(names, scope, property)), to, set -> {
            zfs.look(host -> {
                        host.visit(
                                names,
                                scope,
                                dataset -> dataset.timeline().snapshots().forEach(snapshot -> {
                                    String own = set.get(snapshot.name());
                                    String received = snapshot.received().get(property);
                                    Properties.Found found = own != null
                                            ? new Properties.Found(own, "local")
                                            : received != null
                                                    ? new Properties.Found(received, "received")
                                                    : inheritedBySnapshot(
                                                            dataset,
                                                            dataset.properties().get(property));
                                    print(call, to, snapshot.name(), property, found.value(), found.source());
                                }));
                        return names.stream()
                                .filter(name -> host.find(name) == null)
                                .toList();
                    })
                    .forEach(name -> to.complain(1, "cannot open '" + name + "': dataset does not exist"));
        });
    }

    private static Properties.Found inheritedBySnapshot(FakeDataset dataset, Properties.Found found) {
        return found.source().equals("-") || found.source().startsWith("inherited")
                ? found
                : new Properties.Found(found.value(), "inherited from " + dataset.name());
    }

    private void local(Invocation call, String properties, Printer to) {
        call.requireOperands(2);
        if (!properties.equals("all") || !call.value('s', "").equals("local")) {
            throw new NotModelled("zfs get -s for anything but all that is local");
        }
        DatasetName name = call.dataset(1);
        answer(
                zfs.execute(new ZfsCommand.ListLocalProperties(name)),
                to,
                values -> new TreeMap<>(values)
                        .forEach((property, value) -> print(call, to, name, property, value, "local")));
    }

    /** The child that an increment is received into; it is there as long as its partial state. */
    private void hidden(Invocation call, String properties, Printer to) {
        call.requireOperands(2);
        String name = call.operand(1);
        if (!properties.equals("creation")) {
            throw new NotModelled("the property " + properties + " of " + name);
        }
        DatasetName target = DatasetName.of(name.substring(0, name.length() - HIDDEN.length()));
        boolean there = zfs.look(host -> {
            FakeDataset dataset = host.find(target);
            return dataset != null && dataset.partial() != null && !dataset.isInconsistent();
        });
        if (!there) {
            to.complain(1, "cannot open '" + name + "': dataset does not exist");
            return;
        }
        answer(
                zfs.execute(new ZfsCommand.PartialSince(target)),
                to,
                since -> print(call, to, name, "creation", Long.toString(since), "-"));
    }

    private void bytes(Invocation call, String property, Printer to) {
        List<SnapshotName> names = call.snapshotsFrom(1);
        ZfsCommand<Map<SnapshotName, Long>> asked = switch (property) {
            case "written" -> new ZfsCommand.ListWritten(names);
            case "used" -> new ZfsCommand.ListUsed(names);
            default -> throw new NotModelled("the property " + property + " of a snapshot");
        };
        answer(zfs.execute(asked), to, (Map<SnapshotName, Long> found) -> {
            for (SnapshotName name : names) {
                Long bytes = found.get(name);
                if (bytes == null) {
                    to.complain(1, "cannot open '" + name + "': dataset does not exist");
                } else {
                    print(call, to, name, property, Long.toString(bytes), "-");
                }
            }
        });
    }

    private static <R> void answer(Answer<R> answer, Printer to, Consumer<R> printing) {
        if (answer instanceof Answer.Failed<R> failed) {
            to.complain(1, failed.failure());
        } else {
            printing.accept(answer.orThrow());
        }
    }

    private static void print(Invocation call, Printer to, Object name, String property, String value, String source) {
        to.row(call.parts('o', "name,property,value,source").stream()
                .map(field -> switch (field) {
                    case "name" -> name.toString();
                    case "property" -> property;
                    case "value" -> value;
                    case "source" -> source;
                    default -> throw new NotModelled("the field " + field + " of zfs get");
                })
                .toList());
    }
}
