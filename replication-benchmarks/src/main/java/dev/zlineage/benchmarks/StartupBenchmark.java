// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Shows that the harness works; replaced by the first real benchmark. */
public class StartupBenchmark {
    /** Nothing: the floor of every other figure. */
    @Benchmark
    public void nothing() {}
}
