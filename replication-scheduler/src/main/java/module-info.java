import org.jspecify.annotations.NullMarked;

/** Replication tasks, their schedules and their states. */
@NullMarked
@SuppressWarnings("requires-transitive-automatic") // Micrometer has no descriptor, and is for those who have it
module dev.zlineage.scheduler {
    requires transitive dev.zlineage.core;
    requires transitive java.sql;
    requires com.cronutils;
    requires com.h2database;
    requires org.slf4j;
    requires static org.jspecify;
    requires static transitive micrometer.core;

    exports dev.zlineage.scheduler;
    exports dev.zlineage.scheduler.cron;
    exports dev.zlineage.scheduler.metrics;
    exports dev.zlineage.scheduler.task;
    exports dev.zlineage.scheduler.tick;
}
