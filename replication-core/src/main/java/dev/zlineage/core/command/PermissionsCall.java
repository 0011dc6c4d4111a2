// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code zfs allow}, once for each dataset with none of the others below it: it prints what was granted above too. */
final class PermissionsCall {

    private PermissionsCall() {}

    static Call<Permissions> of(List<String> program, Caller caller, List<DatasetName> names) {
        if (caller instanceof Caller.Unknown unknown) {
            return new RefusedCall<>(new ZfsFailure(ZfsFailure.Kind.UNSUPPORTED, "zfs allow", unknown.why()));
        }
        if (!(caller instanceof Caller.Ordinary ordinary)) {
            return new NothingToDo<>(Permissions.ALL);
        }
        Set<DatasetName> lowest = new TreeSet<>(names);
        names.forEach(name -> lowest.removeAll(name.ancestors()));
        List<CommandLine> lines = lowest.stream()
                .map(name -> Argv.of(program, "allow", name.value()).line())
                .toList();
        return Listing.ofExisting(lines, lowest, new PermissionRows(ordinary));
    }
}
