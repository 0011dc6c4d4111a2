import org.jspecify.annotations.NullMarked;

/** Lineage, selection, planning and execution of ZFS snapshot replication. */
@NullMarked
module dev.zlineage.core {
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports dev.zlineage.core;
}
