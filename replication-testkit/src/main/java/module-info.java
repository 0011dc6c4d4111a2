import org.jspecify.annotations.NullMarked;

/** Fakes, faults and contract suites for code that embeds this library. */
@NullMarked
module dev.zlineage.testkit {
    requires transitive dev.zlineage.core;
    requires static org.apache.sshd.osgi;
    requires static org.assertj.core;
    requires static org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.zlineage.testkit;
    exports dev.zlineage.testkit.assertj;
    exports dev.zlineage.testkit.contract;
    exports dev.zlineage.testkit.junit;
    exports dev.zlineage.testkit.lab;
    exports dev.zlineage.testkit.lab.script to
            dev.zlineage.testkit.container;

    opens dev.zlineage.testkit.contract; // JUnit calls the cases by reflection
}
