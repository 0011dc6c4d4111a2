// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The command line, installed in a guest. */
final class GuestApplication {

    /** How a run ended. */
    record Run(int exit, String output) {}

    private final OpenZfsLab guest;
    private final String classPath;

    private GuestApplication(OpenZfsLab guest, String classPath) {
        this.guest = guest;
        this.classPath = classPath;
    }

    /** Copies the jars of this build, and what they need to run, into the guest. */
    static GuestApplication deploy(OpenZfsLab guest) {
        try {
            Path folder = Files.createTempDirectory("application");
            try {
                for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
                    Path jar = Path.of(entry);
                    if (Files.isRegularFile(jar) && entry.endsWith(".jar") && isDeployed(jar)) {
                        Files.copy(jar, folder.resolve(jar.getFileName()));
                    }
                }
                assertThat(folder.toFile().list()).as("jars of the application").hasSizeGreaterThan(5);
                return new GuestApplication(guest, guest.copyIn(folder) + "/*");
            } finally {
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isDeployed(Path jar) {
        String name = jar.getFileName().toString();
        return List.of("replication-", "slf4j-api", "slf4j-nop", "picocli", "commons-exec", "jspecify").stream()
                .anyMatch(name::startsWith);
    }

    String classPath() {
        return classPath;
    }

    Run zlineage(String... arguments) {
        return zlineage(List.of(), arguments);
    }

    /** Runs it after shell commands that may set variables; its process id is in {@code /run/zlineage.pid}. */
    Run zlineage(List<String> before, String... arguments) {
        List<String> all = new ArrayList<>(List.of(classPath));
        all.addAll(List.of(arguments));
        String script = String.join("\n", before) + """

                cp=$1; shift; code=0
                java -XX:TieredStopAtLevel=1 -Xshare:auto -cp "$cp" dev.zlineage.cli.Main "$@" 2>&1 & echo $! > /run/zlineage.pid
                wait $! || code=$?
                echo; echo "exit $code"
                """;
        String output = guest.sh(script, all.toArray(String[]::new)).stripTrailing();
        int last = output.lastIndexOf("exit ");
        return new Run(Integer.parseInt(output.substring(last + 5).strip()), output.substring(0, last));
    }
}
