// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.jspecify.annotations.Nullable;

/** An executor that shows its process, which commons-exec keeps to itself: for its children, and for its exit code. */
final class Launcher extends DefaultExecutor {

    private final Consumer<Process> launched;
    private volatile @Nullable Process process;

    @SuppressWarnings("deprecation") // the builder makes no subclass
    Launcher(Consumer<Process> launched) {
        this.launched = launched;
    }

    @Override
    protected Process launch(CommandLine command, Map<String, String> environment, Path directory) throws IOException {
        Process started = super.launch(command, environment, directory);
        process = started;
        launched.accept(started);
        return started;
    }

    /** The exit code; empty when it was not started, or has not ended. */
    Optional<Integer> exit() {
        Process started = process;
        return started == null || started.isAlive() ? Optional.empty() : Optional.of(started.exitValue());
    }
}
