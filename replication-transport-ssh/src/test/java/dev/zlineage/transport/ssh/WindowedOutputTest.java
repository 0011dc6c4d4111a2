// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.transport.verification.PromiscuousVerifier;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What sshj's own stream does wrong, and that ours does not. Each hazard is shown on both: should sshj lose one, the test
 * tells.
 */
@Timeout(60)
class WindowedOutputTest {

    private static final int WINDOW = 128 * 1024;
    private static final int IMPATIENCE = 700;

    @TempDir
    private Path folder;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final CompletableFuture<Long> read = new CompletableFuture<>();
    private TestSshd sshd;
    private SSHClient client;

    private interface Ending {
        OutputStream of(Session session, Session.Command command);
    }

    private static final Ending OURS = WindowedOutput::new;
    private static final Ending THEIRS = (session, command) -> command.getOutputStream();

    @BeforeEach
    void connect() throws Exception {
        sshd = new TestSshd(folder, server -> CoreModuleProperties.WINDOW_SIZE.set(server, (long) WINDOW));
        sshd.on("leave", (in, out, err) -> {
            while (in.available() < WINDOW) {
                Thread.onSpinWait();
            }
            return 7;
        });
        sshd.on("echo", (in, out, err) -> 0);
        sshd.on("late", (in, out, err) -> {
            // reads when the other side believes that it is done, or a while after the window is full
            closed.await(2 * IMPATIENCE, TimeUnit.MILLISECONDS);
            read.complete(count(in));
            return 0;
        });
        sshd.on("count", (in, out, err) -> {
            read.complete(count(in));
            return 0;
        });
        SshEndpoint endpoint = sshd.endpoint().build();
        client = new SSHClient(Algorithms.config(endpoint.ciphers()));
        client.addHostKeyVerifier(new PromiscuousVerifier());
        client.getConnection().setTimeoutMs(IMPATIENCE);
        client.connect("127.0.0.1", endpoint.port());
        client.authPublickey(TestSshd.USER, PrivateKeys.read(endpoint, Algorithms.config(endpoint.ciphers())));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        sshd.close();
    }

    private static long count(InputStream in) throws IOException {
        return in.transferTo(OutputStream.nullOutputStream());
    }

    private void push(String command, long bytes, Ending ending) throws IOException {
        try (Session session = client.startSession()) {
            Session.Command program = session.exec(command);
            OutputStream out = ending.of(session, program);
            byte[] buffer = new byte[64 * 1024];
            for (long left = bytes; left > 0; left -= buffer.length) {
                out.write(buffer, 0, (int) Math.min(left, buffer.length));
            }
            out.close();
            closed.countDown();
            program.join(20, TimeUnit.SECONDS);
            assertThat(program.getExitStatus()).isZero();
        }
    }

    /** A window that is full at the end: sshj drops what is still in its buffer, and both sides are told that all is well. */
    @Test
    void theTailArrives() throws Exception {
        push("late", WINDOW + 20_000, OURS);
        assertThat(read.get()).isEqualTo(WINDOW + 20_000);
    }

    @Test
    void sshjDropsTheTail() throws Exception {
        push("late", WINDOW + 20_000, THEIRS);
        assertThat(read.get()).isLessThan(WINDOW + 20_000);
    }

    /** It pauses longer than sshj waits for an answer; a receiver may pause for minutes. */
    @Test
    void aReceiverMayPause() throws Exception {
        push("late", 10L * WINDOW, OURS);
        assertThat(read.get()).isEqualTo(10L * WINDOW);
    }

    @Test
    void sshjCutsAReceiverThatPauses() {
        assertThatThrownBy(() -> push("late", 10L * WINDOW, THEIRS)).hasMessageContaining("expand the window");
    }

    @Test
    void aProgramThatLeavesIsNoticedAtOnceAndStopsNobodyElse() throws Exception {
        long before = System.nanoTime();
        assertThatThrownBy(() -> push("leave", 100L * WINDOW, OURS)).hasMessageContaining("left before the end");
        push("echo", 0, OURS);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    /** Every channel of the connection waits as long as its patience lasts, and then the reason told is a wrong one. */
    @Test
    void sshjStopsEveryChannelWhenAProgramLeaves() throws Exception {
        long before = System.nanoTime();
        assertThatThrownBy(() -> push("leave", 100L * WINDOW, THEIRS)).hasMessageContaining("expand the window");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(IMPATIENCE / 2));
    }

    @Test
    void aWindowSmallerThanAPacketWillDo() throws Exception {
        for (long window : List.of(256L, 1024L, 40_000L)) {
            try (TestSshd small =
                    new TestSshd(folder, server -> CoreModuleProperties.WINDOW_SIZE.set(server, window))) {
                CompletableFuture<Long> counted = new CompletableFuture<>();
                small.on("count", (in, out, err) -> {
                    counted.complete(count(in));
                    return 0;
                });
                SshConnection connection =
                        new Connector(small.endpoint().build(), SshOptions.DEFAULT).connect(() -> false);
                Session session = connection.session();
                Session.Command program = session.exec("count");
                try (WindowedOutput out = new WindowedOutput(session, program)) {
                    out.write(new byte[50_000]);
                }
                program.join(20, TimeUnit.SECONDS);
                assertThat(counted.get()).isEqualTo(50_000);
                connection.close();
            }
        }
    }
}
