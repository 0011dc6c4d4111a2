// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.transport.ProcessSink;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.Zfs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The {@code ssh} program of this host and OpenSSH's own server. */
@Tag("sshd")
@Timeout(120)
class SystemSshTest {

    @TempDir
    private Path folder;

    private final Counting counts = new Counting();
    private final SshOptions options = counts.options();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        assertThat(sshProcesses()).isEmpty();
    }

    private OpenSshd sshd(String... settings) throws IOException {
        OpenSshd sshd = new OpenSshd(Files.createDirectory(folder.resolve("sshd")), settings);
        open.add(sshd);
        return sshd;
    }

    private SystemSshCommandRunner runner(SshEndpoint endpoint) {
        return runner(endpoint, options);
    }

    private SystemSshCommandRunner runner(SshEndpoint endpoint, SshOptions with) {
        SystemSshCommandRunner runner = new SystemSshCommandRunner(endpoint, with);
        // before the server, which would end its connections otherwise
        open.add(0, runner);
        return runner;
    }

    private static List<String> sshProcesses() {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().command().orElse("").endsWith("/ssh"))
                .map(p -> p.info().commandLine().orElse("?"))
                .toList();
    }

    private static CommandLine sh(String script) {
        return CommandFrameTest.sh(script);
    }

    private static CommandOutcome run(SystemSshCommandRunner runner, CommandLine line) {
        return runner.run(List.of(line)).get(0);
    }

    private static String notRun(Reason reason, SystemSshCommandRunner runner) {
        NotRun outcome = (NotRun) run(runner, sh("true"));
        assertThat(outcome.reason()).as(outcome.text()).isEqualTo(reason);
        return outcome.text();
    }

    private static Transfer transfer(StreamSource from, StreamSink to) {
        return new StreamJoiner(Concurrency.system()).start(from, to, progress -> {});
    }

    private static StreamSource source(SystemSshCommandRunner runner, String... argv) {
        return runner.source(List.of(argv), line -> Optional.empty());
    }

    private static ProcessSink here(Path file) {
        return new ProcessSink(List.of("dd", "status=none", "of=" + file), Map.of());
    }

    @Test
    void manyCommandsAreOneRoundTripAndAllShareOneHandshake() throws IOException {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner = runner(sshd.endpoint().build());
        List<CommandOutcome> outcomes = runner.run(List.of(
                sh("echo out; echo err >&2; exit 3"),
                new CommandLine(List.of("cat"), new byte[] {'k', 0, 'y'}),
                new CommandLine(List.of("printf", "%s", "a 'b' \"c\" $HOME !x\n\\ é"))));

        assertThat(outcomes)
                .containsExactly(
                        new Exited(3, "out\n", "err\n"),
                        new Exited(0, "k\0y", ""),
                        new Exited(0, "a 'b' \"c\" $HOME !x\n\\ é", ""));
        assertThat(run(runner, sh("echo 2"))).isEqualTo(new Exited(0, "2\n", ""));
        assertThat(runner.run(List.of())).isEmpty();
        assertThat(counts).hasToString("1 handshakes, 2 round trips, 0 streams");
        assertThat(sshd.logins()).isEqualTo(1);
    }

    @Test
    void streamsAreKernelPipesAndShareOneHandshakeMore() throws Exception {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner = runner(sshd.endpoint().build());
        run(runner, sh("true"));
        Path from = Files.write(folder.resolve("from"), new byte[3_000_000]);
        Path down = folder.resolve("down");
        Path up = folder.resolve("up with space");
        for (int i = 0; i < 2; i++) {
            StreamSource source = source(runner, "cat", from.toString());
            assertThat(source).isInstanceOf(ProcessSource.class);
            assertThat(transfer(source, here(down)).await().source()).isEqualTo(StreamExit.OK);
        }
        StreamSink sink = runner.sink(List.of("dd", "status=none", "of=" + up));
        assertThat(sink).isInstanceOf(ProcessSink.class);
        ProcessSource local = new ProcessSource(List.of("cat", from.toString()), Map.of(), line -> Optional.empty());
        assertThat(transfer(local, sink).await().sink()).isEqualTo(StreamExit.OK);

        assertThat(down).hasSameBinaryContentAs(from);
        assertThat(up).hasSameBinaryContentAs(from);
        assertThat(counts).hasToString("2 handshakes, 1 round trips, 3 streams");
        assertThat(sshd.logins()).isEqualTo(2);
    }

    @Test
    void theDoorChoosesIt() throws Exception {
        Path program = folder.resolve("fake zfs");
        Files.writeString(program, "#!/bin/sh\necho zfs-2.3.2-1; echo zfs-kmod-2.3.2-1; echo \"$@\" >&2\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        try (Zfs zfs =
                SshHost.open(sshd().endpoint().zfsProgram(program.toString()).build(), options)) {
            assertThat(zfs.version().atLeast(2, 3)).isTrue();
            assertThat(sshProcesses()).isNotEmpty();
        }
    }

    /** The process on this side has its standard input from the JVM, and that ends however the JVM does. */
    @Test
    void nothingOutlivesAJvmThatIsKilled() throws Exception {
        OpenSshd sshd = sshd();
        Process jvm = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SystemSshMain.class.getName(),
                        Integer.toString(sshd.port()),
                        folder.resolve("sshd/user").toString(),
                        sshd.hostKey())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader printed = jvm.inputReader()) {
            assertThat(printed.readLine()).isEqualTo("connected");
            List<ProcessHandle> below = jvm.descendants().toList();
            assertThat(below).isNotEmpty();
            jvm.destroyForcibly();
            for (ProcessHandle one : below) {
                assertThat(one.onExit()).succeedsWithin(Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void howARemoteProgramEndsIsNotTakenForALostConnection() throws Exception {
        SystemSshCommandRunner runner = runner(sshd().endpoint().build());
        StreamExit failed = transfer(source(runner, "sh", "-c", "echo no >&2; exit 7"), here(folder.resolve("a")))
                .await()
                .source();
        StreamExit killed = transfer(source(runner, "sh", "-c", "kill -9 $$"), here(folder.resolve("b")))
                .await()
                .source();
        StreamExit missing = transfer(source(runner, "no-such-program"), here(folder.resolve("c")))
                .await()
                .source();

        assertThat(failed).isEqualTo(new StreamExit(7, "no\n"));
        assertThat(killed.code()).isEqualTo(137);
        assertThat(missing.code()).isEqualTo(127);
        assertThat(missing.output()).contains("no-such-program");
    }

    @Test
    void whyThereIsNoConnectionIsTold() throws Exception {
        OpenSshd sshd = sshd();
        SshEndpoint good = sshd.endpoint().build();
        String stranger = Files.readString(folder.resolve("sshd/stranger.pub")).strip();
        SshEndpoint.Builder base = SshEndpoint.of(good.user(), good.host())
                .client(SshEndpoint.Client.SYSTEM)
                .privateKey(folder.resolve("sshd/stranger"));

        assertThat(notRun(
                        Reason.REFUSED,
                        runner(sshd.endpoint().hostKeys(List.of(stranger)).build())))
                .contains("no connection to", "Host key verification failed");
        assertThat(notRun(
                        Reason.REFUSED,
                        runner(base.port(sshd.port())
                                .hostKeys(List.of(sshd.hostKey()))
                                .build())))
                .contains("Permission denied (publickey");
        Path unknown = Files.createFile(folder.resolve("empty known hosts"));
        assertThat(notRun(
                        Reason.REFUSED,
                        runner(sshd.endpoint().knownHosts(unknown).build())))
                .contains("No ED25519 host key is known");
        sshd.close();
        assertThat(notRun(Reason.UNREACHABLE, runner(good))).contains("Connection refused");
        Transfer.Ends ends = transfer(source(runner(good), "true"), here(folder.resolve("a")))
                .await();
        assertThat(ends.source().code()).isEqualTo(255);
        assertThat(ends.source().output()).contains("Connection refused");
        assertThat(counts.handshakes).hasValue(0);
    }

    @Test
    void aKnownHostsFileIsTrusted() throws IOException {
        OpenSshd sshd = sshd();
        Path known = folder.resolve("known 100% hosts");
        Files.writeString(known, "[127.0.0.1]:" + sshd.port() + " " + sshd.hostKey() + "\n");

        assertThat(run(runner(sshd.endpoint().knownHosts(known).build()), sh("echo 1")))
                .isEqualTo(new Exited(0, "1\n", ""));
    }

    @Test
    void throughAnotherHost() throws Exception {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner =
                runner(sshd.endpoint().jump(sshd.endpoint().build()).build());

        assertThat(run(runner, sh("echo 1"))).isEqualTo(new Exited(0, "1\n", ""));
        assertThat(sshd.logins()).isEqualTo(2);
    }

    @Test
    void aLostConnectionKeepsWhatIsKnownAndIsMadeAgain() throws Exception {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner = runner(sshd.endpoint().build());
        Path fifo = fifo("reached");
        Concurrency.Fork cutting = Concurrency.system().fork("cut", () -> {
            await(fifo);
            sshd.cutConnections();
        });
        List<CommandOutcome> outcomes =
                runner.run(List.of(sh("echo 1; exit 4"), sh("echo > '" + fifo + "'; exec sleep 60"), sh("echo 3")));
        cutting.join();

        assertThat(outcomes.get(0)).isEqualTo(new Exited(4, "1\n", ""));
        for (CommandOutcome unknown : outcomes.subList(1, 3)) {
            assertThat(((NotRun) unknown).reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(((NotRun) unknown).text()).contains("was lost", "is not known");
        }
        assertThat(run(runner, sh("echo again"))).isEqualTo(new Exited(0, "again\n", ""));
        assertThat(counts.handshakes).hasValue(2);
    }

    @Test
    void aHostThatFallsSilentIsGivenUp() throws Exception {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner =
                runner(sshd.endpoint().idleLimit(Duration.ofSeconds(3)).build());
        Path fifo = fifo("reached");
        Concurrency.Fork freezing = Concurrency.system().fork("freeze", () -> {
            await(fifo);
            try {
                sshd.freeze();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        NotRun outcome = (NotRun) run(runner, sh("echo > '" + fifo + "'; exec sleep 60"));
        freezing.join();

        assertThat(outcome.text()).contains("was lost", "Timeout, server 127.0.0.1 not responding");
    }

    @Test
    void aStreamWhoseConnectionIsLostIsTold() throws Exception {
        OpenSshd sshd = sshd();
        SystemSshCommandRunner runner = runner(sshd.endpoint().build());
        Path fifo = fifo("reached");
        Concurrency.Fork cutting = Concurrency.system().fork("cut", () -> {
            await(fifo);
            sshd.cutConnections();
        });
        StreamExit exit = transfer(
                        source(runner, "sh", "-c", "echo > '" + fifo + "'; exec sleep 60"), here(folder.resolve("a")))
                .await()
                .source();
        cutting.join();

        assertThat(exit.code()).isEqualTo(255);
    }

    @Test
    void moreStreamsThanTheServerAllowsOnOneConnection() throws Exception {
        OpenSshd sshd = sshd("MaxSessions 2");
        SystemSshCommandRunner runner = runner(sshd.endpoint().build());
        List<Transfer> transfers = new ArrayList<>();
        List<Path> fifos = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Path fifo = fifo("go" + i);
            fifos.add(fifo);
            transfers.add(transfer(
                    source(runner, "sh", "-c", "echo > '" + fifo + "'; read x < '" + fifo + "'; echo " + i),
                    here(folder.resolve("got" + i))));
        }
        fifos.forEach(SystemSshTest::await);
        for (Path fifo : fifos) {
            Files.writeString(fifo, "go\n");
        }
        for (int i = 0; i < 4; i++) {
            assertThat(transfers.get(i).await().source().code()).isZero();
            assertThat(folder.resolve("got" + i)).hasContent(i + "\n");
        }
    }

    @Test
    void aListOfCommandsThatTakesTooLongIsGivenUpWithWhatIsKnown() throws Exception {
        SystemSshCommandRunner runner =
                runner(sshd().endpoint().build(), options.withCommandTimeout(Duration.ofSeconds(3)));
        List<CommandOutcome> outcomes = runner.run(List.of(sh("echo 1"), sh("exec sleep 60")));

        assertThat(outcomes.get(0)).isEqualTo(new Exited(0, "1\n", ""));
        assertThat(((NotRun) outcomes.get(1)).reason()).isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void anInterruptGivesUpAndIsKept() throws Exception {
        SystemSshCommandRunner runner = runner(sshd().endpoint().build());
        Path fifo = fifo("reached");
        Thread caller = Thread.currentThread();
        Concurrency.Fork interrupting = Concurrency.system().fork("interrupt", () -> {
            await(fifo);
            caller.interrupt();
        });
        NotRun outcome = (NotRun) run(runner, sh("echo > '" + fifo + "'; exec sleep 60"));

        assertThat(Thread.interrupted()).isTrue();
        interrupting.join();
        assertThat(outcome.reason()).isEqualTo(Reason.CANCELLED);
        caller.interrupt();
        assertThat(((NotRun) run(runner, sh("true"))).reason()).isEqualTo(Reason.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void closingEndsWhatIsUnderWayAndLeavesNothing() throws Exception {
        SystemSshCommandRunner runner = runner(sshd().endpoint().build());
        Path fifo = fifo("reached");
        Concurrency.Fork closing = Concurrency.system().fork("close", () -> {
            await(fifo);
            runner.close();
        });
        NotRun outcome = (NotRun) run(runner, sh("echo > '" + fifo + "'; exec sleep 60"));
        closing.join();

        assertThat(outcome.text()).contains("was closed");
        assertThat(sshProcesses()).isEmpty();
        assertThat(notRun(Reason.UNREACHABLE, runner)).contains("was closed");
    }

    private Path fifo(String name) throws IOException {
        Path fifo = folder.resolve(name);
        Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
        assertThat(made.onExit().join().exitValue()).isZero();
        return fifo;
    }

    /** Returns when somebody has written to it. */
    private static void await(Path fifo) {
        try {
            Files.readString(fifo);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
