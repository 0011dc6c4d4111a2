// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.zfs.ZfsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Control commands of a host on SSH: how few connections and round trips they need, and what comes of them in trouble. */
@Timeout(60)
class SshjCommandRunnerTest {

    @TempDir
    private Path folder;

    private final Counting counting = new Counting();
    private TestSshd sshd;
    private SshjCommandRunner runner;

    @BeforeEach
    void open() throws Exception {
        sshd = new TestSshd(folder).withShell();
        runner = new SshjCommandRunner(sshd.endpoint().build(), counting.options());
    }

    @AfterEach
    void close() throws IOException {
        runner.close();
        sshd.close();
    }

    private static CommandLine sh(String script) {
        return new CommandLine(List.of("sh", "-c", script));
    }

    private CommandOutcome run(String script) {
        return runner.run(List.of(sh(script))).get(0);
    }

    private static void assertNotRun(CommandOutcome outcome, Reason reason, String... words) {
        assertThat(outcome).isInstanceOf(NotRun.class);
        assertThat(((NotRun) outcome).reason()).isEqualTo(reason);
        for (String word : words) {
            assertThat(((NotRun) outcome).text()).contains(word);
        }
    }

    @Test
    void aListIsOneRoundTripAndARunIsOneConnection() {
        List<CommandOutcome> outcomes = runner.run(List.of(sh("echo one"), sh("echo two >&2; exit 2"), sh("exec cat")));
        assertThat(outcomes)
                .containsExactly(new Exited(0, "one\n", ""), new Exited(2, "", "two\n"), new Exited(0, "", ""));
        for (int i = 0; i < 19; i++) {
            run("true");
        }

        assertThat(counting).hasToString("1 handshakes, 20 round trips, 0 streams");
        assertThat(runner.run(List.of())).isEmpty();
        assertThat(counting.roundTrips).hasValue(20);
    }

    @Test
    void muchOutputComesWhole() {
        Exited outcome = (Exited) run("yes 'tank/data@auto\t1234567890123456789' | head -n 500000");

        assertThat(outcome.stdout()).hasSize(500_000 * 35);
    }

    /** Neither side has room for what the other has to say: who wrote everything before reading would wait for ever. */
    @Test
    void aLongRequestAndALongAnswerCrossEachOther() throws Exception {
        try (TestSshd narrow = new TestSshd(folder, server -> CoreModuleProperties.WINDOW_SIZE.set(server, 32L * 1024))
                        .withShell();
                SshjCommandRunner other =
                        new SshjCommandRunner(narrow.endpoint().build(), SshOptions.DEFAULT)) {
            List<CommandLine> lines = Collections.nCopies(18, sh("head -c 1000000 /dev/zero #" + "x".repeat(10_000)));

            assertThat(other.run(lines))
                    .allSatisfy(
                            outcome -> assertThat(((Exited) outcome).stdout()).hasSize(1_000_000));
        }
    }

    /** The server allows two channels, which nobody tells in advance. */
    @Test
    void aServerThatAllowsFewerChannelsIsWaitedFor() throws Exception {
        sshd.allowChannels(2);
        List<CompletableFuture<CommandOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String script = "echo " + i + "; exec sleep 0.2";
            all.add(supply(() -> run(script)));
        }
        for (int i = 0; i < 12; i++) {
            assertThat(all.get(i).get()).isEqualTo(new Exited(0, i + "\n", ""));
        }
        assertThat(counting).hasToString("1 handshakes, 12 round trips, 0 streams");
    }

    /** A pipe with a name: who reads it waits until a script has written to it. */
    private Path fifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    private interface Supply<T> {
        T get() throws Exception;
    }

    private static <T> CompletableFuture<T> supply(Supply<T> body) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Concurrency.system().fork("test", () -> {
            try {
                future.complete(body.get());
            } catch (Exception e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    @Test
    void aServerThatAllowsNoChannelSaysSo() {
        sshd.server.setChannelFactories(List.of());

        assertNotRun(run("true"), Reason.UNREACHABLE, "lets us in, and runs no command");
    }

    @Test
    void aConnectionThatDiedIsMadeAnew() throws IOException {
        run("true");
        assertThat(sshd.sessions.get(0).close(true).await(Duration.ofSeconds(5)))
                .isTrue();

        assertThat(run("echo again")).isEqualTo(new Exited(0, "again\n", ""));
        assertThat(counting.handshakes).hasValue(2);
    }

    @Test
    void aCommandThatIsCutOffHasNoKnownEndAndThoseBeforeItHave() throws Exception {
        Path fifo = fifo();
        CompletableFuture<List<CommandOutcome>> cut = supply(() -> runner.run(
                List.of(sh("echo before"), sh("echo begun > " + fifo + "; exec sleep 1000"), sh("echo never"))));
        Files.readString(fifo);
        while (sshd.output.get() < "before".length()) {
            Thread.onSpinWait();
        }
        sshd.sessions.get(0).disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, "cut");

        assertThat(cut.get().get(0)).isEqualTo(new Exited(0, "before\n", ""));
        assertNotRun(cut.get().get(1), Reason.UNREACHABLE, "is not known");
        assertNotRun(cut.get().get(2), Reason.UNREACHABLE, "is not known");
        assertThat(run("echo again")).isEqualTo(new Exited(0, "again\n", ""));
    }

    @Test
    void aSlowCommandIsGivenUpAndNobodyElseIs() throws Exception {
        try (SshjCommandRunner hasty = new SshjCommandRunner(
                sshd.endpoint().build(), counting.options().withCommandTimeout(Duration.ofSeconds(2)))) {
            CompletableFuture<CommandOutcome> beside = supply(
                    () -> hasty.run(List.of(sh("exec sleep 1; echo done"))).get(0));
            CommandOutcome slow = hasty.run(List.of(sh("exec sleep 1000"))).get(0);

            assertNotRun(slow, Reason.TIMED_OUT, "PT2S");
            assertThat(beside.get()).isInstanceOf(Exited.class);
            assertThat(hasty.run(List.of(sh("echo next")))).containsExactly(new Exited(0, "next\n", ""));
            assertThat(counting.handshakes).hasValue(2);
        }
    }

    @Test
    void anInterruptGivesACommandUpAndIsKept() throws Exception {
        AtomicReference<CommandOutcome> outcome = new AtomicReference<>();
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        Path fifo = fifo();
        Concurrency.Fork running = Concurrency.system().fork("test", () -> {
            outcome.set(run("echo begun > " + fifo + "; exec sleep 1000"));
            kept.complete(Thread.currentThread().isInterrupted());
        });
        Files.readString(fifo);
        running.interrupt();

        assertThat(kept.get()).isTrue();
        assertNotRun(outcome.get(), Reason.CANCELLED, "interrupted");
        assertThat(run("echo next")).isEqualTo(new Exited(0, "next\n", ""));
    }

    @Test
    void closingEndsWhatIsUnderWay() throws Exception {
        Path fifo = fifo();
        CompletableFuture<CommandOutcome> cut = supply(() -> run("echo begun > " + fifo + "; exec sleep 1000"));
        Files.readString(fifo);
        runner.close();

        assertNotRun(cut.get(), Reason.UNREACHABLE);
        assertNotRun(run("true"), Reason.UNREACHABLE, "closed");
    }

    @Test
    void anAccountThatRunsNothingSaysSo() throws Exception {
        try (TestSshd nologin = new TestSshd(folder)) {
            nologin.on(RemoteScript.COMMANDS, (in, out, err) -> {
                out.write("This account is currently not available.\n".getBytes());
                return 1;
            });
            try (SshjCommandRunner other =
                    new SshjCommandRunner(nologin.endpoint().build(), SshOptions.DEFAULT)) {
                assertNotRun(
                        other.run(List.of(sh("true"))).get(0),
                        Reason.UNREACHABLE,
                        "exit code 1",
                        "This account is currently not available.");
            }
        }
    }

    /** From the factory to the port: a refusal is not tried again, and is told apart from a host that is away. */
    @Test
    void whatIsWrongIsTyped() throws Exception {
        SshEndpoint stranger = sshd.endpoint().knownHosts(sshd.knownHosts()).build();
        assertThat(failure(stranger)).contains("HOST_REFUSED", "is not known");

        SshEndpoint right = sshd.endpoint().build();
        assertThat(failure(right)).contains("HOST_UNREACHABLE", "zfs");
        sshd.close();
        assertThat(failure(right)).contains("HOST_UNREACHABLE", "can't be reached");
    }

    private static String failure(SshEndpoint endpoint) {
        try (var zfs = SshHost.open(endpoint)) {
            return String.valueOf(zfs.version());
        } catch (ZfsException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
