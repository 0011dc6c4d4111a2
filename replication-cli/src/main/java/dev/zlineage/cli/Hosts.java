// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import java.util.List;

/** Opens the host that a command works on. */
@FunctionalInterface
interface Hosts {

    /**
     * Opens a host.
     *
     * @param zfs the program and the words before its arguments, such as {@code sudo -n zfs}
     * @return the host, to be closed
     */
    Zfs open(List<String> zfs);
}
