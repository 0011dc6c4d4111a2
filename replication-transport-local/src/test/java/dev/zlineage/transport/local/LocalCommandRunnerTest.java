// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs; each test of a hazard fails with commons-exec as it comes. */
@Timeout(90)
class LocalCommandRunnerTest {

    private static final LocalOptions OPTIONS = LocalOptions.DEFAULT;

    @TempDir
    private Path folder;

    private final Concurrency system = Concurrency.system();

    private static CommandLine sh(String script) {
        return new CommandLine(List.of("sh", "-c", script));
    }

    private static CommandOutcome run(LocalOptions options, CommandLine line) {
        return new LocalCommandRunner(options).run(List.of(line)).get(0);
    }

    private static Exited run(CommandLine line) {
        return (Exited) run(OPTIONS, line);
    }

    private static void assertNotRun(CommandOutcome outcome, Reason reason) {
        assertThat(outcome).isInstanceOf(NotRun.class);
        assertThat(((NotRun) outcome).reason()).isEqualTo(reason);
    }

    /** A pipe with a name: who reads it waits until a script has written to it. */
    private Path fifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    @Test
    void tellsExitAndOutput() {
        assertThat(run(sh("echo out; echo err >&2; exit 3"))).isEqualTo(new Exited(3, "out\n", "err\n"));
        assertThat(run(sh("printf 'gr\\303\\274n'")).stdout()).isEqualTo("grün");
    }

    @Test
    void runsOneAfterTheOtherWhateverCame() {
        List<CommandOutcome> outcomes = new LocalCommandRunner(OPTIONS)
                .run(List.of(sh("exit 1"), new CommandLine(List.of("no-such-program")), sh("echo two")));

        assertThat(outcomes.get(0)).isEqualTo(new Exited(1, "", ""));
        assertNotRun(outcomes.get(1), Reason.UNREACHABLE);
        assertThat(outcomes.get(2)).isEqualTo(new Exited(0, "two\n", ""));
    }

    @Test
    void argumentsReachTheProgramIntact() throws IOException {
        String show = Scripts.write(folder.resolve("sh ow"), "for a; do printf '<%s>' \"$a\"; done");
        List<String> hostile = List.of(
                "tank/a b",
                "com.ex:p='a b'",
                "\"quoted\"",
                "'\"both\"'",
                "$HOME",
                "${HOME}",
                "`id`",
                "a\nb",
                "\\",
                "*",
                "",
                " ",
                "-o",
                "; exit 9",
                "a\tb",
                " x ",
                "C:\\d");
        List<String> argv = new ArrayList<>(List.of(show));
        argv.addAll(hostile);

        assertThat(run(new CommandLine(argv)).stdout()).isEqualTo("<" + String.join("><", hostile) + ">");
    }

    @Test
    void inputReachesTheProgramAndEnds() {
        byte[] input = "pass phrase\0ü".getBytes(StandardCharsets.UTF_8);

        assertThat(run(new CommandLine(List.of("cat"), input)).stdout()).isEqualTo("pass phrase\0ü");
        assertThat(run(new CommandLine(List.of("cat"))).stdout()).isEmpty();
        assertThat(run(new CommandLine(List.of("true"), new byte[1_000_000])).exitCode())
                .isZero();
    }

    @Test
    void theProgramSpeaksEnglishAndSeesTheEnvironment() {
        LocalOptions options = OPTIONS.withEnvironment(Map.of("MARK", "m n", "LC_ALL", "de_DE.UTF-8"));

        assertThat(run(options, sh("echo \"$LC_ALL $MARK\"; test -n \"$PATH\"")))
                .isEqualTo(new Exited(0, "C m n\n", ""));
    }

    @Test
    void aMissingProgramIsNamed() {
        NotRun outcome = (NotRun) run(OPTIONS, new CommandLine(List.of("no-such-program", "list")));

        assertThat(outcome.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(outcome.text()).contains("'no-such-program'").contains("No such file");
    }

    @Test
    void muchOutputIsReadFast() {
        long before = System.nanoTime();
        Exited outcome = run(sh("yes 'tank/data@auto-2026-01-01_00-00\t1234567890123456789\t1234' | head -n 1000000"));

        assertThat(outcome.stdout().lines().count()).isEqualTo(1_000_000);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void muchOnBothOutputsDoesNotBlock() {
        Exited outcome = run(sh("yes | head -c 1000000; yes | head -c 1000000 >&2; yes | head -c 1000000"));

        assertThat(outcome.stdout()).hasSize(2_000_000);
        assertThat(outcome.stderr()).hasSize(1_000_000);
    }

    @Test
    void tooMuchOutputEndsTheProgram() {
        CommandOutcome outcome = new RunningCommand(OPTIONS, sh("exec yes"), Map.of(), 100_000).run();

        assertNotRun(outcome, Reason.TOO_MUCH_OUTPUT);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void aSlowProgramIsEndedWithItsChildren() throws Exception {
        Path pids = folder.resolve("pids");
        CommandOutcome outcome = run(
                OPTIONS.withCommandTimeout(Duration.ofSeconds(1)),
                sh("sleep 1000 & echo $! > " + pids + "; sleep 1000 | cat"));

        assertNotRun(outcome, Reason.TIMED_OUT);
        assertThat(((NotRun) outcome).text()).contains("PT1S");
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pids).strip())))
                .isEmpty();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void aSlowProgramThatIgnoresTheSignalIsKilled() {
        CommandOutcome outcome =
                run(OPTIONS.withCommandTimeout(Duration.ofSeconds(1)), sh("trap '' TERM; sleep 1000; sleep 1000"));

        assertNotRun(outcome, Reason.TIMED_OUT);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    /** A child in the background keeps the output open; all that the program printed is there all the same. */
    @Test
    void aChildThatOutlivesTheProgramIsNotWaitedFor() {
        Exited outcome = run(sh("sleep 1000 & echo $!; exit 5"));

        assertThat(outcome.exitCode()).isEqualTo(5);
        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(outcome.stdout().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @Test
    void anInterruptEndsTheProgramAndIsKept() throws Exception {
        Path fifo = fifo();
        AtomicReference<List<CommandOutcome>> outcomes = new AtomicReference<>();
        AtomicReference<Boolean> kept = new AtomicReference<>();
        Concurrency.Fork running = system.fork("test", () -> {
            outcomes.set(new LocalCommandRunner(OPTIONS)
                    .run(List.of(sh("echo ready > " + fifo + "; sleep 1000"), sh("echo never"))));
            kept.set(Thread.currentThread().isInterrupted());
        });
        Files.readString(fifo);

        running.interrupt();
        running.join();

        assertNotRun(outcomes.get().get(0), Reason.CANCELLED);
        assertNotRun(outcomes.get().get(1), Reason.CANCELLED);
        assertThat(kept.get()).isTrue();
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void whatTidiesUpIsRunToItsEndAlthoughTheCallerIsInterrupted() throws Exception {
        Path fifo = fifo();
        Path proof = folder.resolve("tidied");
        AtomicReference<List<CommandOutcome>> outcomes = new AtomicReference<>();
        AtomicReference<Boolean> kept = new AtomicReference<>();
        Concurrency.Fork running = system.fork("test", () -> {
            outcomes.set(new LocalCommandRunner(OPTIONS)
                    .run(List.of(
                            sh("echo ready > " + fifo + "; sleep 1000").in(CommandLine.Manner.LONG),
                            sh("echo ready > " + fifo + "; read -r on < " + fifo + "; echo $on > " + proof)
                                    .in(CommandLine.Manner.TIDYING))));
            kept.set(Thread.currentThread().isInterrupted());
        });
        Files.readString(fifo);

        running.interrupt(); // which ends the first
        Files.readString(fifo);
        running.interrupt(); // which does not end the second
        Files.writeString(fifo, "on\n");
        running.join();

        assertNotRun(outcomes.get().get(0), Reason.CANCELLED);
        assertThat(outcomes.get().get(1)).isEqualTo(new Exited(0, "", ""));
        assertThat(Files.readString(proof)).isEqualTo("on\n");
        assertThat(kept.get()).isTrue();
    }

    @Test
    void whatReadsALotMayTakeItsTime() {
        LocalOptions hasty = OPTIONS.withCommandTimeout(Duration.ofMillis(1));

        assertNotRun(run(hasty, sh("sleep 1000")), Reason.TIMED_OUT);
        assertThat(run(hasty, sh("sleep 0.2").in(CommandLine.Manner.LONG))).isEqualTo(new Exited(0, "", ""));
    }

    @Test
    void bytesThatAreNoTextAreKept() {
        assertThat(run(sh("printf 'b\\377c\\0'")).stdout()).isEqualTo("b\udcffc\0");
    }

    @Test
    void closingEndsWhatRuns() throws Exception {
        Path fifo = fifo();
        LocalCommandRunner runner = new LocalCommandRunner(OPTIONS);
        AtomicReference<List<CommandOutcome>> outcomes = new AtomicReference<>();
        Concurrency.Fork running = system.fork(
                "test",
                () -> outcomes.set(runner.run(List.of(sh("echo ready > " + fifo + "; sleep 1000"), sh("echo never")))));
        Files.readString(fifo);

        runner.close();
        running.join();

        assertNotRun(outcomes.get().get(0), Reason.UNREACHABLE);
        assertNotRun(outcomes.get().get(1), Reason.UNREACHABLE);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    /** The JVM would put question marks in place of it, and say nothing. */
    @Test
    void anArgumentThatTheLocaleCannotCarryIsRefused() {
        LocalCommandRunner ascii = new LocalCommandRunner(OPTIONS, StandardCharsets.US_ASCII);

        assertNotRun(
                ascii.run(List.of(new CommandLine(List.of("echo", "grün")))).get(0), Reason.UNREACHABLE);
        assertThatThrownBy(() -> ascii.sink(List.of("zfs", "receive", "-o", "a:b=grün", "tank/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("locale");
        assertThat(ascii.run(List.of(new CommandLine(List.of("echo", "green")))).get(0))
                .isEqualTo(new Exited(0, "green\n", ""));
    }
}
