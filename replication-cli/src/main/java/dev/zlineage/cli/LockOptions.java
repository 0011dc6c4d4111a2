// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.scheduler.tick.TargetLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where runs of this host tell each other what they write into. */
final class LockOptions {

    @Option(
            names = "--locks",
            paramLabel = "DIRECTORY",
            description =
                    "Where runs of this host tell each other which targets they write into (default: /run/zlineage; for a"
                            + " user who may not write there ~/.local/state/zlineage/locks).")
    private @Nullable Path directory;

    /** For a run that ends: others are waited for so long. */
    Optional<TargetLocks> of(Environment environment, String command, Duration wait) {
        return open(environment).map(found -> new TargetFiles(found, command, Optional.of(wait)));
    }

    /** For one that goes on: others are waited for as long as it takes. */
    Optional<TargetLocks> patient(Environment environment, String command) {
        return open(environment).map(found -> new TargetFiles(found, command, Optional.empty()));
    }

    private Optional<Path> open(Environment environment) {
        if (directory != null) {
            try {
                return Optional.of(usable(directory));
            } catch (IOException e) {
                throw new InvalidRequestException(List.of(new Problem(
                        "--locks",
                        "nothing can be kept in '" + directory + "': " + e + "; name a directory of yours")));
            }
        }
        List<Path> places = environment.hosts().locks();
        for (Path place : places) {
            try {
                return Optional.of(usable(place));
            } catch (IOException e) {
                // the next one may do
            }
        }
        if (!places.isEmpty()) {
            environment
                    .err()
                    .println("warning: nothing can be kept in " + places
                            + ", so that nothing keeps another run from the same target; name a place by --locks");
        }
        return Optional.empty();
    }

    private static Path usable(Path place) throws IOException {
        Files.createDirectories(place);
        if (!Files.isWritable(place)) {
            throw new IOException("it can't be written");
        }
        return place;
    }
}
