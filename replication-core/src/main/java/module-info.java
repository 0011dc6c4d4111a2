// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** Lineage, selection, planning and execution of ZFS snapshot replication. */
@NullMarked
module dev.zlineage.core {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.zlineage.core.concurrency;
    exports dev.zlineage.core.transport;
    exports dev.zlineage.core.zfs;
}
