// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Short words for what the cases do with a host. Each is a script for {@code sh} with arguments of its own. */
final class Remote {

    private final CommandRunner runner;

    Remote(CommandRunner runner) {
        this.runner = runner;
    }

    CommandRunner runner() {
        return runner;
    }

    static List<String> argv(String script, String... arguments) {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        argv.addAll(Arrays.asList(arguments));
        return argv;
    }

    static CommandLine line(String script, String... arguments) {
        return new CommandLine(argv(script, arguments));
    }

    CommandOutcome outcome(CommandLine line) {
        return runner.run(List.of(line)).get(0);
    }

    Exited run(CommandLine line) {
        CommandOutcome outcome = outcome(line);
        assertThat(outcome).isInstanceOf(Exited.class);
        return (Exited) outcome;
    }

    Exited run(String script, String... arguments) {
        return run(line(script, arguments));
    }

    StreamSource source(String script, String... arguments) {
        return source(printed -> Optional.empty(), script, arguments);
    }

    StreamSource source(Function<String, Optional<StreamProgress>> report, String script, String... arguments) {
        return runner.source(argv(script, arguments), report);
    }

    StreamSink sink(String script, String... arguments) {
        return runner.sink(argv(script, arguments));
    }

    static Transfer start(StreamSource source, StreamSink sink) {
        return new StreamJoiner(Concurrency.system()).start(source, sink, progress -> {});
    }

    static Transfer.Ends transfer(StreamSource source, StreamSink sink) throws InterruptedException {
        return start(source, sink).await();
    }

    /** A new folder of that host. */
    String folder() {
        return run("mktemp -d").stdout().strip();
    }

    /** Waits until the program that wrote its number into a file is gone; it may take 10 seconds. */
    void assertGone(String file) {
        Exited gone = run("""
                pid=$(cat "$1") && [ -n "$pid" ] || exit 9
                for i in $(seq 100); do
                  kill -0 "$pid" 2>/dev/null || exit 0
                  sleep 0.1
                done
                exit 1
                """, file);
        assertThat(gone.exitCode()).as("the program of " + file + " is gone").isZero();
    }
}
