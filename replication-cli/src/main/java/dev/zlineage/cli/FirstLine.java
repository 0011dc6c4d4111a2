// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A secret that stands in the first line of a file. */
final class FirstLine {

    private FirstLine() {}

    /** Without its end; a refusal of the option where the file can't be read. */
    static Secret of(String option, Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return new Secret(lines.findFirst().orElse("").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new InvalidRequestException(
                    List.of(new InvalidRequestException.Problem(option, file + " can't be read: " + e.getMessage())));
        }
    }
}
