// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;

/** This host. */
final class LocalHosts implements Hosts {

    @Override
    public Zfs open(List<String> zfs) {
        throw new ZfsException(new ZfsFailure(
                ZfsFailure.Kind.HOST_UNREACHABLE, String.join(" ", zfs), "running zfs on this host is not built yet"));
    }
}
