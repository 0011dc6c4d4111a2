// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.Job;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.ManualScheduler;
import dev.zlineage.scheduler.ServiceListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service that is killed with signal 9, beside the calls of its store and at moments of chance, and frozen for longer than its
 * leases last. Whatever became due is served once, and nothing runs twice at once.
 */
@Tag("once")
class KilledServiceTest {

    private static final Duration LONGEST_LIFE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private final Instant realBegin = Instant.now();
    private int beside;
    private int byChance;
    private int frozen;

    @Test
    void sixKills() throws IOException, InterruptedException {
        survives(6, System.nanoTime());
    }

    @Test
    @Tag("long")
    void fiftyKills() throws IOException, InterruptedException {
        survives(50, System.nanoTime());
    }

    private void survives(int points, long seed) throws IOException, InterruptedException {
        System.out.println("seed " + seed);
        SplittableRandom chance = new SplittableRandom(seed);
        for (int point = 0; point < points; point++) {
            switch (point % 3) {
                case 0 -> besideACall(chance);
                case 1 -> atAMoment(chance);
                default -> frozen(chance);
            }
        }
        judge(seed);
    }

    private Process start(int call, boolean before) throws IOException, InterruptedException {
        long starts = starts();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServiceProcess.class.getName(),
                        folder.toString(),
                        realBegin.toString(),
                        Integer.toString(call),
                        before ? "before" : "after")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()))
                .start();
        while (process.isAlive() && starts() == starts) {
            process.waitFor(5, TimeUnit.MILLISECONDS);
        }
        return process;
    }

    private long starts() throws IOException {
        return lines().stream().filter(line -> line.startsWith("start")).count();
    }

    private List<String> lines() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    private void besideACall(SplittableRandom chance) throws IOException, InterruptedException {
        Process process = start(chance.nextInt(1, 25), chance.nextBoolean());
        if (!process.waitFor(LONGEST_LIFE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        killed(process);
        beside++;
    }

    private void atAMoment(SplittableRandom chance) throws IOException, InterruptedException {
        Process process = start(0, false);
        process.waitFor(chance.nextInt(1500), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        killed(process);
        byChance++;
    }

    private void frozen(SplittableRandom chance) throws IOException, InterruptedException {
        Process process = start(0, false);
        process.waitFor(chance.nextInt(1500), TimeUnit.MILLISECONDS);
        signal("-STOP", process);
        process.waitFor(chance.nextInt(500, 3000), TimeUnit.MILLISECONDS); // a lease lasts a second of the real clock
        signal("-CONT", process);
        process.waitFor(chance.nextInt(1500), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        killed(process);
        frozen++;
    }

    private static void signal(String signal, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private void killed(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor())
                .as(() -> {
                    try {
                        return Files.readString(folder.resolve("output"));
                    } catch (IOException e) {
                        return e.toString();
                    }
                })
                .isEqualTo(137);
    }

    private void judge(long seed) throws IOException, InterruptedException {
        try (JdbcTaskStore store = JdbcTaskStore.file(folder.resolve("tasks"))) {
            Instant followed = store.cursor().orElseThrow();
            int left = store.waiting(followed).size();
            // what still waits is run to its end, on a clock that stands still
            ServiceProcess.write(folder.resolve("log"), "start last");
            Concurrency still = new HurriedConcurrency(Instant.now(), followed, 60_000);
            ManualScheduler.of(
                            ServiceProcess.definition(),
                            new ServiceProcess.Runner(folder.resolve("log"), still, "last"),
                            followed,
                            store,
                            ServiceListener.NONE)
                    .set(followed);
            assertThat(store.waiting(followed)).isEmpty();
            List<JobRecord> ended = store.history(Optional.empty(), Integer.MAX_VALUE);
            assertThat(ended)
                    .allSatisfy(job -> assertThat(job.outcome().ending()).isEqualTo(Ending.FINISHED));
            int minutes = oneRunOfEachMinute(ended, followed);
            int again = attempts(ended);
            noTwoAtOnce();
            System.out.println("seed " + seed + ": killed beside a call " + beside + ", at a moment " + byChance
                    + ", frozen and then killed " + frozen + "; " + minutes + " minutes, " + ended.size()
                    + " jobs, each run to its end once; " + again + " were begun again, " + left
                    + " waited after the last kill");
        }
    }

    private static int oneRunOfEachMinute(List<JobRecord> ended, Instant followed) {
        List<String> expected = new ArrayList<>();
        int minutes = 0;
        Instant first = ended.stream()
                .map(job -> job.job().moment())
                .min(Instant::compareTo)
                .orElseThrow();
        assertThat(first).as("the first minute").isBefore(ServiceProcess.BEGIN.plus(Duration.ofMinutes(30)));
        for (Instant at = first; !at.isAfter(followed); at = at.plusSeconds(60)) {
            minutes++;
            for (String task : List.of("snap", "left", "whole", "aside")) {
                expected.add(at + " " + task);
            }
        }
        assertThat(ended)
                .extracting(job -> job.job().moment() + " " + job.job().tasks().get(0))
                .as("one completed run of each task for each minute")
                .containsExactlyInAnyOrderElementsOf(expected);
        return minutes;
    }

    /** The store counted each beginning that was written down; one that was killed before it could write counts too. */
    private int attempts(List<JobRecord> ended) throws IOException {
        Map<String, Integer> begun = new HashMap<>();
        for (String line : lines()) {
            if (line.startsWith("begin ")) {
                begun.merge(line.split(" ")[2], 1, Integer::sum);
            }
        }
        int again = 0;
        for (JobRecord record : ended) {
            Job job = record.job();
            int written = begun.getOrDefault(Long.toString(job.id()), 0);
            assertThat(job.attempts())
                    .as("%s was begun %s times", job, written)
                    .isBetween(written, written + beside + byChance + frozen);
            again += job.attempts() > 1 ? 1 : 0;
        }
        return again;
    }

    /** A process that starts is alone: the one before it was dead, and what it ran with it. */
    private void noTwoAtOnce() throws IOException {
        Set<String> running = new HashSet<>();
        Set<String> attempts = new TreeSet<>();
        for (String line : lines()) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "start" -> running.clear();
                case "begin" -> {
                    assertThat(attempts.add(words[2] + " " + words[5]))
                            .as("an attempt is made once: %s", line)
                            .isTrue();
                    assertThat(running.add(words[3])).as("runs twice: %s", line).isTrue();
                    assertThat(running.containsAll(Set.of("left", "whole")))
                            .as("both write below backup/x: %s", line)
                            .isFalse();
                }
                default -> running.remove(words[3]);
            }
        }
    }
}
