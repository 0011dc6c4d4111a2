import org.jspecify.annotations.NullMarked;

/** Runs <code>zfs</code> on this host. */
@NullMarked
module dev.zlineage.transport.local {
    requires transitive dev.zlineage.core;
    requires org.apache.commons.exec;
    requires static org.jspecify;

    exports dev.zlineage.transport.local;
}
