// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.select.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that ends remembers for the next one what it need not look at. */
final class MemoryOption {

    @Option(
            names = "--memory",
            paramLabel = "DIRECTORY",
            description =
                    "Keep there what had nothing to do, and list the snapshots of only those datasets that changed"
                            + " since; all of them once a day. Without it, all snapshots are listed each time. Losing the directory"
                            + " harms nothing.")
    private @Nullable Path directory;

    ObservationStore store() {
        return directory == null ? ObservationStore.NONE : open("--memory", directory);
    }

    static ObservationStore open(String option, Path directory) {
        try {
            return DirectoryStore.open(directory);
        } catch (IOException e) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    option,
                    "nothing can be kept in '" + directory + "': " + e.getMessage() + "; name a directory of yours")));
        }
    }
}
