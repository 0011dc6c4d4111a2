// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the sources are: tests run in the directory of their module. */
final class House {
    private House() {}

    static Path root() {
        Path root = Path.of("").toAbsolutePath().getParent();
        if (root == null || !Files.isRegularFile(root.resolve("zlineage"))) {
            throw new IllegalStateException(
                    "not started in the directory of a module: " + Path.of("").toAbsolutePath());
        }
        return root;
    }

    static List<Path> modules() throws IOException {
        try (Stream<Path> entries = Files.list(root())) {
            return entries.filter(e -> Files.isRegularFile(e.resolve("pom.xml")))
                    .sorted()
                    .toList();
        }
    }
}
