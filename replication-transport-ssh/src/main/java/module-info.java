import org.jspecify.annotations.NullMarked;

/** Runs <code>zfs</code> on another host over SSH. */
@NullMarked
module dev.zlineage.transport.ssh {
    requires transitive dev.zlineage.core;
    requires com.hierynomus.sshj;
    requires static org.jspecify;

    exports dev.zlineage.transport.ssh;
}
