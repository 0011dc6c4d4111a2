// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JVM that the tests run on, and what it makes of our modules. */
class JvmTest {
    /** A tier that says JDK 25 and runs on another would prove nothing. */
    @Test
    void isTheOneThatWasChosen() {
        Integer chosen = Integer.getInteger("zlineage.test.jdk");
        if (chosen == null) {
            assertThat(Runtime.version().feature()).isGreaterThanOrEqualTo(17);
        } else {
            assertThat(Runtime.version().feature()).isEqualTo(chosen);
        }
    }

    /** The tests run on the class path; this shows that a program on the module path would start. */
    @Test
    void resolvesOurModulesTogether() {
        Path[] path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .filter(p -> !p.endsWith("test-classes"))
                .filter(p -> !p.startsWith(Path.of("").toAbsolutePath()))
                .toArray(Path[]::new);
        List<String> ours = List.of(
                "dev.zlineage.core",
                "dev.zlineage.transport.local",
                "dev.zlineage.transport.ssh",
                "dev.zlineage.scheduler",
                "dev.zlineage.testkit",
                "dev.zlineage.testkit.container",
                "dev.zlineage.cli");

        Configuration resolved =
                ModuleLayer.boot().configuration().resolve(ModuleFinder.of(path), ModuleFinder.of(), ours);

        Set<String> names =
                resolved.modules().stream().map(ResolvedModule::name).collect(Collectors.toSet());
        assertThat(names).containsAll(ours);
    }
}
