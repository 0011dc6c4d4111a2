// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions.Reach;
import java.util.Optional;
import java.util.Set;

/** {@code zfs allow} and {@code zfs unallow}. What is granted to those who create a dataset is not modelled. */
final class AllowVerbs {

    private final FakeZfs zfs;

    AllowVerbs(FakeZfs zfs) {
        this.zfs = zfs;
    }

    void register(Verbs verbs) {
        verbs.on("allow", "ldugse", this::allow);
        verbs.on("unallow", "ug", this::unallow);
    }

    private void allow(Invocation call, Printer to) {
        String name = call.operand(call.operands().size() - 1);
        Optional<FakeDataset> found = zfs.look(host -> Optional.ofNullable(host.find(DatasetName.of(name))));
        if (found.isEmpty()) {
            to.complain(1, "cannot open '" + name + "': dataset does not exist");
            to.complain(1, "Failed to open dataset: " + name);
        } else if (call.operands().size() == 1) {
            zfs.look(host -> host.delegation().printed(found.get())).forEach(to::line);
        } else if (!zfs.isRoot()) {
            to.complain(1, "cannot set permissions on '" + name + "': permission denied");
        } else {
            grant(call, found.get());
        }
    }

    private void grant(Invocation call, FakeDataset dataset) {
        Set<String> permissions =
                Set.of(call.operand(call.operands().size() - 2).split(","));
        zfs.look(host -> {
            if (call.has('s')) {
                host.delegation().define(dataset, call.operand(0), permissions);
            } else {
                host.delegation().grant(dataset, reach(call), who(call), permissions);
            }
            return dataset;
        });
    }

    private static Reach reach(Invocation call) {
        return call.has('l') == call.has('d') ? Reach.HERE_AND_BELOW : call.has('l') ? Reach.HERE : Reach.BELOW;
    }

    private static String who(Invocation call) {
        return call.has('e') ? "everyone" : (call.has('g') ? "group " : "user ") + call.operand(0);
    }

    private void unallow(Invocation call, Printer to) {
        call.requireOperands(2);
        zfs.look(host -> {
            host.delegation().revoke(host.dataset(call.dataset(1)), who(call));
            return host;
        });
    }
}
