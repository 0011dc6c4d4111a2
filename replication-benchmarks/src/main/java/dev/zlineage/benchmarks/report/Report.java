// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import dev.zlineage.benchmarks.ParsingBenchmark;
import dev.zlineage.benchmarks.PlanningBenchmark;
import dev.zlineage.transport.ssh.QuotingBenchmark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * Measures everything and writes what comes after the mark in {@code docs/performance.md}, with its plots. Started by
 * {@code replication-benchmarks/report}.
 */
public final class Report {

    private static final String MARK = "<!-- What follows is written by replication-benchmarks/report. -->\n";

    private final Path root;
    private final StringBuilder text = new StringBuilder();

    private Report(Path root) {
        this.root = root;
    }

    /**
     * Measures.
     *
     * @param arguments the root of the project, and optionally a file that {@code lab/compare} has printed
     * @throws IOException if a file can't be read or written
     * @throws InterruptedException never
     * @throws RunnerException if a benchmark fails
     */
    public static void main(String... arguments) throws IOException, InterruptedException, RunnerException {
        Report report = new Report(Path.of(arguments[0]));
        report.machine();
        report.runs();
        report.ssh();
        report.programs();
        report.growth();
        report.micro();
        if (arguments.length > 1) {
            report.lab(Files.readAllLines(Path.of(arguments[1])));
        }
        report.write();
    }

    private void machine() throws IOException {
        String processor = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 2))
                .findFirst()
                .orElse("unknown");
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        text.append("## Measured\n\n");
        line(
                "%s, %d processors (%s), Linux %s, Java %s, load %s at the start. Times are of the processor where nothing else is said,"
                        + " medians with least and most; counts are exact.",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor,
                System.getProperty("os.version"),
                System.getProperty("java.version"),
                load);
        line("");
    }

    private void runs() throws IOException, InterruptedException {
        text.append("### Whole runs, 40 ms away\n\n");
        line(
                "Two hosts in memory on virtual time; each list of commands and each start of a stream waits 40 ms for its answer."
                        + " 8 streams at the same time, one snapshot a dataset; the version of each host is known.");
        line("");
        line(
                "| datasets | what | commands on the source | on the target | round trips of commands | waited, in round trips |");
        line("| ---: | --- | ---: | ---: | ---: | ---: |");
        Map<String, Curve> curves = new LinkedHashMap<>();
        for (int datasets : new int[] {1, 10, 100, 1000, 5000}) {
            FakeRuns.of(datasets).forEach((what, cost) -> {
                line(
                        "| %,d | %s | %,d | %,d | %d | %.0f |",
                        datasets,
                        what,
                        cost.onSource(),
                        cost.onTarget(),
                        cost.roundTrips(),
                        cost.waited() * 1e9 / FakeRuns.ROUND_TRIP.toNanos());
                curves.computeIfAbsent(what, Curve::new).add(datasets, cost.onSource() + cost.onTarget());
            });
        }
        line("");
        plot("commands", "Commands of a run", "datasets", "commands on both sides", List.copyOf(curves.values()));
    }

    private void ssh() throws InterruptedException {
        text.append("### Over SSH\n\n");
        line(
                "%d datasets of %d snapshots each, pushed by sshj to an SSH server on the loopback, which runs a `zfs` that asks a"
                        + " target in memory; each run logs in anew, and sends four streams at the same time. Bytes are those that"
                        + " programs were sent and wrote, streams and answers, without what SSH adds.",
                SshRuns.DATASETS, SshRuns.SNAPSHOTS);
        line("");
        line("| what | handshakes | shells on the target | processes of `zfs` there | bytes out | bytes back |");
        line("| --- | ---: | ---: | ---: | ---: | ---: |");
        SshRuns.all()
                .forEach((what, cost) -> line(
                        "| %s | %d | %d | %d | %,d | %,d |",
                        what, cost.handshakes(), cost.shells(), cost.onTarget(), cost.out(), cost.back()));
        line("");
    }

    private void programs() throws IOException, InterruptedException {
        text.append("### Programs\n\n");
        Path folder = Files.createTempDirectory("report");
        Programs programs = new Programs(folder, 2048);
        line(
                "- A local stream of 2 GiB of zeros between two programs moves at %s of the speed of `source | sink` in a shell.",
                programs.streamRatio().text("%.3f"));
        line(
                "- `./zlineage plan` of one dataset, with a `zfs` that only prints, takes %s s of the processor, the launcher and all it"
                        + " starts included.",
                programs.startUp(root.resolve("zlineage")).text("%.2f"));
        line("");
    }

    private void growth() throws IOException {
        text.append("### Growth\n\n");
        line(
                "Planning an increment of a tree; the exponent is the slope of the upper half of a curve on logarithmic axes, 1 is linear.");
        line("");
        line("| by | from | to | milliseconds | exponent |");
        line("| --- | ---: | ---: | --- | ---: |");
        List<Curve> curves = new ArrayList<>();
        curves.add(PlanningGrowth.byDatasets(100, 1000, 10_000, 100_000));
        curves.add(PlanningGrowth.bySnapshots(10, 100, 1000, 10_000, 100_000));
        curves.add(PlanningGrowth.byDepth(5000, 1, 2, 4, 8, 16, 32, 64));
        for (Curve curve : curves) {
            int last = curve.xs().size() - 1;
            line(
                    "| %s | %,.0f | %,.0f | %.1f to %.1f | %.2f |",
                    curve.name(),
                    curve.xs().get(0),
                    curve.xs().get(last),
                    curve.ys().get(0),
                    curve.ys().get(last),
                    curve.exponent());
        }
        line("");
        plot("planning", "Planning an increment", "how many", "milliseconds", curves);
        line(
                "A history of a million snapshots takes %.0f bytes a snapshot beside its name.",
                PlanningGrowth.bytesOfASnapshot(1_000_000));
        line("");
    }

    private void micro() throws RunnerException {
        text.append("### In the small\n\n");
        line("| benchmark | | nanoseconds each | a second |");
        line("| --- | --- | --- | ---: |");
        for (Class<?> benchmark : List.of(PlanningBenchmark.class, ParsingBenchmark.class, QuotingBenchmark.class)) {
            for (RunResult result : new Runner(new OptionsBuilder()
                            .include(benchmark.getName().replace(".", "\\.") + "\\..*")
                            .build())
                    .run()) {
                Statistics all = result.getPrimaryResult().getStatistics();
                boolean rate = result.getPrimaryResult().getScoreUnit().startsWith("ops");
                Measures each = rate
                        ? Measures.of(1e9 / all.getMax(), 1e9 / all.getPercentile(50), 1e9 / all.getMin())
                        : Measures.of(all.getMin(), all.getPercentile(50), all.getMax());
                String parameters = result.getParams().getParamsKeys().stream()
                        .map(key -> key + " " + result.getParams().getParam(key))
                        .reduce((one, other) -> one + ", " + other)
                        .orElse("");
                line(
                        "| %s | %s | %s | %,.0f |",
                        benchmark.getSimpleName().replace("Benchmark", ""),
                        parameters,
                        each.text("%.0f"),
                        1e9 / each.median());
            }
        }
        line("");
        line("Planning and parsing are counted by the snapshot, quoting by the argument.");
        line("");
    }

    /** Rows of three columns: what was done, by whom, how many processes of zfs it took. */
    private void lab(List<String> rows) {
        text.append("### Beside others, on real OpenZFS\n\n");
        line("%s", rows.get(0));
        line("");
        line("| what | by | processes of `zfs` | seconds |");
        line("| --- | --- | ---: | ---: |");
        for (String row : rows.subList(1, rows.size())) {
            line("| %s |", String.join(" | ", row.split("\t", -1)));
        }
        line("");
    }

    private void plot(String name, String title, String x, String y, List<Curve> curves) throws IOException {
        Path folder = Files.createDirectories(root.resolve("docs/performance"));
        Files.writeString(folder.resolve(name + ".svg"), Plot.of(title, x, y, curves));
        line("![%s](performance/%s.svg)", title, name);
        line("");
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private void write() throws IOException {
        Path page = root.resolve("docs/performance.md");
        String written = Files.readString(page);
        Files.writeString(
                page,
                written.substring(0, written.indexOf(MARK) + MARK.length()) + "\n"
                        + text.toString().stripTrailing() + "\n");
    }
}
