// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.zfs.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library against OpenSSH's own server. */
@Tag("sshd")
@Timeout(120)
class SshjWithOpenSshTest {

    private static final int MIB = 1024 * 1024;

    @TempDir
    private Path folder;

    private final Counting counting = new Counting();

    private interface Body {
        void with(OpenSshd sshd, SshjCommandRunner runner) throws Exception;
    }

    private void run(Body body, String... settings) throws Exception {
        try (OpenSshd sshd = new OpenSshd(folder, settings);
                SshjCommandRunner runner = new SshjCommandRunner(library(sshd).build(), counting.options())) {
            body.with(sshd, runner);
        }
    }

    private static SshEndpoint.Builder library(OpenSshd sshd) throws IOException {
        return sshd.endpoint().client(SshEndpoint.Client.LIBRARY);
    }

    private static ByteSink sink(SshjCommandRunner runner, String script) {
        return (ByteSink) runner.sink(List.of("sh", "-c", script));
    }

    private static ByteSource source(SshjCommandRunner runner, String script) {
        return (ByteSource) runner.source(List.of("sh", "-c", script), line -> Optional.empty());
    }

    private static StreamExit read(ByteSource source) throws IOException {
        InputStream in = source.open();
        in.transferTo(OutputStream.nullOutputStream());
        return source.finish();
    }

    /** A piece of 40 MiB that rekeys dozens of times, both ways at once and on several connections. */
    @Test
    void nothingIsLostWhileTheServerRekeys() throws Exception {
        run(
                (sshd, runner) -> {
                    byte[] noise = new byte[40 * MIB + 12345];
                    new Random(7).nextBytes(noise);
                    Path file = Files.write(folder.resolve("noise"), noise);
                    String sum = HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(noise));
                    List<CompletableFuture<String>> all = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        all.add(supply(() -> push(runner, noise)));
                        all.add(supply(() -> pull(runner, file)));
                    }
                    CompletableFuture<Exited> control = supply(() -> (Exited) runner.run(List.of(
                                    new CommandLine(List.of("head", "-c", Integer.toString(20 * MIB), "/dev/zero"))))
                            .get(0));

                    for (CompletableFuture<String> one : all) {
                        assertThat(one.get()).isEqualTo(sum);
                    }
                    assertThat(control.get().stdout()).hasSize(20 * MIB);
                },
                "RekeyLimit 1M");
    }

    private static String push(SshjCommandRunner runner, byte[] noise) throws IOException {
        ByteSink sink = sink(runner, "sha256sum");
        try (OutputStream out = sink.open()) {
            for (int from = 0; from < noise.length; from += 64 * 1024) {
                out.write(noise, from, Math.min(64 * 1024, noise.length - from));
            }
        }
        StreamExit exit = sink.finish();
        assertThat(exit.code()).as("%s", exit).isZero();
        return exit.output().split(" ")[0];
    }

    private static String pull(SshjCommandRunner runner, Path file) throws Exception {
        ByteSource source = source(runner, "cat '" + file + "'");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[64 * 1024];
        InputStream in = source.open();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            digest.update(buffer, 0, n);
        }
        assertThat(source.finish()).isEqualTo(StreamExit.OK);
        return HexFormat.of().formatHex(digest.digest());
    }

    private interface Supply<T> {
        T get() throws Exception;
    }

    private static <T> CompletableFuture<T> supply(Supply<T> body) {
        CompletableFuture<T> future = new CompletableFuture<>();
        Concurrency.system().fork("test", () -> {
            try {
                future.complete(body.get());
            } catch (Exception | AssertionError e) {
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    @Test
    void theExitCodeIsToldHoweverItComes() throws Exception {
        run((sshd, runner) -> {
            assertThat(read(source(runner, "echo no >&2; exit 3"))).isEqualTo(new StreamExit(3, "no\n"));
            assertThat(read(source(runner, "kill -9 $$")).code()).isEqualTo(137);
            // its outputs end a second before it does
            assertThat(read(source(runner, "exec >&- 2>&-; sleep 1; exit 5"))).isEqualTo(new StreamExit(5, ""));
            // no shell is left that could tell of the signal
            assertThat(read(source(runner, "kill -9 $PPID; echo x"))).satisfies(exit -> {
                assertThat(exit.code()).isEqualTo(StreamExit.LOST);
                assertThat(exit.output()).contains("signal KILL");
            });
            assertThat(read(source(runner, "head -c 9000000 /dev/zero"))).isEqualTo(StreamExit.OK);
        });
    }

    /** OpenSSH tells the exit code then, and keeps the channel. */
    @Test
    void aChildThatOutlivesTheReceiverIsNotWaitedFor() throws Exception {
        run((sshd, runner) -> {
            ByteSink sink = sink(runner, "sleep 100 & echo $! >&2; exit 6");
            long before = System.nanoTime();
            sink.open().close();

            StreamExit exit = sink.finish();
            assertThat(exit.code()).isEqualTo(6);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(30));
            ProcessHandle.of(Long.parseLong(exit.output().strip()))
                    .orElseThrow()
                    .destroy();
        });
    }

    @Test
    void aReceiverThatLeavesIsSeenAtOnceAndCommandsGoOn() throws Exception {
        run((sshd, runner) -> {
            CompletableFuture<Exited> beside = supply(() ->
                    (Exited) runner.run(List.of(new CommandLine(List.of("sh", "-c", "sleep 0.3; echo beside"))))
                            .get(0));
            ByteSink sink = sink(runner, "head -c 3000000 >/dev/null; echo 'out of space' >&2; exit 1");
            long before = System.nanoTime();
            try (OutputStream out = sink.open()) {
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("left before the end");
            }

            assertThat(sink.finish()).isEqualTo(new StreamExit(1, "out of space\n"));
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            assertThat(beside.get().stdout()).isEqualTo("beside\n");
        });
    }

    @Test
    void fewerSessionsThanWeWouldUseAreEnough() throws Exception {
        run(
                (sshd, runner) -> {
                    List<CompletableFuture<List<CommandOutcome>>> all = new ArrayList<>();
                    for (int i = 0; i < 12; i++) {
                        CommandLine line = new CommandLine(List.of("sh", "-c", "sleep 0.1; echo " + i));
                        all.add(supply(() -> runner.run(List.of(line, line))));
                    }
                    for (int i = 0; i < 12; i++) {
                        Exited each = new Exited(0, i + "\n", "");
                        assertThat(all.get(i).get()).containsExactly(each, each);
                    }
                    assertThat(counting).hasToString("1 handshakes, 12 round trips, 0 streams");
                },
                "MaxSessions 2");
    }

    @Test
    void aServerThatIsKilledIsNoticedByBothWays() throws Exception {
        run((sshd, runner) -> {
            ByteSink sink = sink(runner, "cat >/dev/null");
            ByteSource source = source(runner, "exec cat /dev/zero");
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            CompletableFuture<StreamExit> pull = supply(() -> {
                InputStream in = source.open();
                assertThat(in.read()).isZero();
                begun.complete(true);
                try {
                    in.transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // the end tells
                }
                return source.finish();
            });
            try (OutputStream out = sink.open()) {
                out.write(new byte[MIB]);
                assertThat(begun.get()).isTrue();
                sshd.cutConnections();
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (IOException e) {
                // the end tells
            }

            assertThat(sink.finish().code()).isEqualTo(StreamExit.LOST);
            assertThat(pull.get().code()).isEqualTo(StreamExit.LOST);
            assertThat(runner.run(List.of(new CommandLine(List.of("true"))))).containsExactly(new Exited(0, "", ""));
        });
    }

    @Test
    void keysCertificatesAndKnownHostsOfOpenSshAreUnderstood() throws Exception {
        run(
                (sshd, runner) -> {
                    String name = "[127.0.0.1]:" + sshd.port();
                    Path known = Files.writeString(folder.resolve("known"), name + " " + sshd.hostKey() + "\n");
                    keygen("-q", "-H", "-f", known.toString());
                    assertThat(Files.readString(known)).startsWith("|1|");

                    for (String type : List.of("rsa", "ecdsa", "ed25519")) {
                        Path key = folder.resolve("key-" + type);
                        keygen("-q", "-t", type, "-N", "open sesame", "-f", key.toString());
                        Files.write(
                                folder.resolve("authorized_keys"),
                                Files.readAllBytes(Path.of(key + ".pub")),
                                StandardOpenOption.APPEND);
                        assertRuns(
                                sshd,
                                SshEndpoint.of(System.getProperty("user.name"), "127.0.0.1")
                                        .knownHosts(known)
                                        .privateKey(key, new Secret("open sesame".getBytes(StandardCharsets.UTF_8))));
                    }
                    Path key = folder.resolve("certified");
                    keygen("-q", "-t", "ed25519", "-N", "", "-f", key.toString());
                    keygen(
                            "-q",
                            "-s",
                            folder.resolve("stranger").toString(),
                            "-I",
                            "x",
                            "-n",
                            System.getProperty("user.name"),
                            key + ".pub");
                    assertRuns(
                            sshd,
                            SshEndpoint.of(System.getProperty("user.name"), "127.0.0.1")
                                    .knownHosts(known)
                                    .privateKey(key));
                },
                "TrustedUserCAKeys " + folder.resolve("stranger.pub"));
    }

    private static void keygen(String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of("ssh-keygen"));
        argv.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(argv)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertRuns(OpenSshd sshd, SshEndpoint.Builder endpoint) {
        try (SshjCommandRunner runner =
                new SshjCommandRunner(endpoint.port(sshd.port()).build(), SshOptions.DEFAULT)) {
            assertThat(runner.run(List.of(new CommandLine(List.of("echo", "it works")))))
                    .containsExactly(new Exited(0, "it works\n", ""));
        }
    }
}
