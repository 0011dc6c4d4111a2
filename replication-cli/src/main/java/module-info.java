import org.jspecify.annotations.NullMarked;

/** The command line. */
@NullMarked
module dev.zlineage.cli {
    requires dev.zlineage.core;
    requires dev.zlineage.transport.local;
    requires dev.zlineage.transport.ssh;
    requires dev.zlineage.scheduler;
    requires dev.zlineage.testkit;
    requires info.picocli;
    requires jdk.httpserver;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports dev.zlineage.cli;

    opens dev.zlineage.cli to
            info.picocli;
}
