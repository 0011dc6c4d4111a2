// SPDX-License-Identifier: Apache-2.0
import org.jspecify.annotations.NullMarked;

/** Lineage, selection, planning and execution of ZFS snapshot replication. */
@NullMarked
module dev.zlineage.core {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.zlineage.core;
    exports dev.zlineage.core.command;
    exports dev.zlineage.core.concurrency;
    exports dev.zlineage.core.doctor;
    exports dev.zlineage.core.json to
            dev.zlineage.cli,
            dev.zlineage.scheduler;
    exports dev.zlineage.core.lineage;
    exports dev.zlineage.core.mark;
    exports dev.zlineage.core.memory;
    exports dev.zlineage.core.observe;
    exports dev.zlineage.core.plan;
    exports dev.zlineage.core.prune;
    exports dev.zlineage.core.retain;
    exports dev.zlineage.core.run;
    exports dev.zlineage.core.select;
    exports dev.zlineage.core.transport;
    exports dev.zlineage.core.verify;
    exports dev.zlineage.core.zfs;
}
