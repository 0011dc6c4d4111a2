// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long it takes to quote an argument for a remote shell. Here, because quoting is nobody else's business. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 7, time = 1)
public class QuotingBenchmark {

    private static final int ARGUMENTS = 1000;

    private final List<String> arguments = arguments();

    private static List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < ARGUMENTS; i++) {
            arguments.add(i % 10 == 0 ? "tank/with space " + i : "tank/data/home/user" + i);
        }
        return arguments;
    }

    /**
     * Quotes.
     *
     * @return the words, so that they are made
     */
    @Benchmark
    @OperationsPerInvocation(ARGUMENTS)
    public String quote() {
        return ShellQuote.words(arguments);
    }
}
