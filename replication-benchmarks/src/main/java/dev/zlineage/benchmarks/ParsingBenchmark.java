// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to read what {@code zfs list} prints of snapshots; the time is that of one. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class ParsingBenchmark {

    private static final int SNAPSHOTS = 200_000;
    private static final DatasetName TOP = DatasetName.of("tank/data");

    private CommandZfs zfs = new CommandZfs(new Printed(""));

    /** Prints a tree of a thousand datasets. */
    @Setup
    public void print() {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < SNAPSHOTS; i++) {
            rows.append("tank/data/home/user")
                    .append(i / 200)
                    .append("@auto-2026-11-23_10-")
                    .append(i % 200);
            rows.append('\t')
                    .append(Long.toUnsignedString(random.nextLong()))
                    .append('\t')
                    .append(1_000_000 + i);
            rows.append("\t1767225600\n");
        }
        zfs = new CommandZfs(new Printed(rows.toString()));
    }

    /**
     * Reads.
     *
     * @return what was read, so that it is
     */
    @Benchmark
    @OperationsPerInvocation(SNAPSHOTS)
    public Map<DatasetName, History> parse() {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(TOP), Scope.SUBTREE))
                .orThrow();
    }

    /** A host on which every command prints the same. */
    private record Printed(String text) implements CommandRunner {

        @Override
        public String host() {
            return "printed";
        }

        @Override
        public List<CommandOutcome> run(List<CommandLine> commands) {
            return commands.stream()
                    .<CommandOutcome>map(command -> new CommandOutcome.Exited(0, text, ""))
                    .toList();
        }

        @Override
        public StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report) {
            throw new UnsupportedOperationException("nothing is sent");
        }

        @Override
        public StreamSink sink(List<String> argv) {
            throw new UnsupportedOperationException("nothing is received");
        }

        @Override
        public void close() {}
    }
}
