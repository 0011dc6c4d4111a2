// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetKind;
import java.util.Set;

/**
 * Which properties only filesystems have, or only volumes: one that a target can't have fails its receive when it is set.
 * About what is in neither list, the receiver decides.
 */
final class PropertyKind {

    private static final Set<String> OF_FILESYSTEMS = Set.of(
            "aclinherit",
            "aclmode",
            "acltype",
            "atime",
            "canmount",
            "casesensitivity",
            "devices",
            "direct",
            "dnodesize",
            "exec",
            "filesystem_limit",
            "jailed",
            "longname",
            "mountpoint",
            "nbmand",
            "normalization",
            "overlay",
            "quota",
            "recordsize",
            "refquota",
            "relatime",
            "setuid",
            "sharenfs",
            "sharesmb",
            "snapdir",
            "special_small_blocks",
            "utf8only",
            "version",
            "vscan",
            "xattr",
            "zoned");

    private static final Set<String> OF_VOLUMES = Set.of("volblocksize", "volsize", "volthreading");

    private PropertyKind() {}

    static boolean applies(String property, DatasetKind kind) {
        return !(kind == DatasetKind.VOLUME ? OF_FILESYSTEMS : OF_VOLUMES).contains(property);
    }
}
