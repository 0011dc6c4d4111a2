// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.jspecify.annotations.Nullable;

/**
 * An executor that starts its program itself.
 *
 * <p>For the arguments: a command line of commons-exec trims them, even where it is told to leave quotes alone, and turns
 * backslashes of the program's path around. For the process, which commons-exec keeps to itself: its children are to be
 * found, and its exit code is wanted whatever becomes of its output.
 */
final class Launcher extends DefaultExecutor {

    private final List<String> argv;
    private final Map<String, String> environment;
    private final Consumer<Process> launched;
    private volatile @Nullable Process process;

    @SuppressWarnings("deprecation") // the builder makes no subclass
    Launcher(List<String> argv, Map<String, String> environment, Consumer<Process> launched) {
        this.argv = argv;
        this.environment = environment;
        this.launched = launched;
    }

    /** Runs the program to its end. */
    void execute() throws IOException {
        execute(new CommandLine("unused"));
    }

    @Override
    protected Process launch(CommandLine unused, Map<String, String> none, Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv);
        builder.environment().putAll(environment);
        Process started = builder.start();
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
