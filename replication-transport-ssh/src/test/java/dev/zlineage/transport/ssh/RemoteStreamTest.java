// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.ProcessSource;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams of a host on SSH, by the runner that a transport gives. */
@Timeout(60)
class RemoteStreamTest {

    private static final int MIB = 1024 * 1024;

    @TempDir
    private Path folder;

    private final Counting counting = new Counting();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch never = new CountDownLatch(1);
    private TestSshd sshd;
    private SshjCommandRunner runner;

    @BeforeEach
    void open() throws Exception {
        sshd = new TestSshd(folder).withShell();
        sshd.on("take-all", (in, out, err) -> {
            received.set(in.transferTo(OutputStream.nullOutputStream()));
            return 0;
        });
        sshd.on("refuse", (in, out, err) -> {
            err.write("cannot receive: out of space\n".getBytes(StandardCharsets.UTF_8));
            return 1;
        });
        sshd.on("give-8m", (in, out, err) -> {
            err.write("size\t8388608\nfull\ta warning\n".getBytes(StandardCharsets.UTF_8));
            out.write(new byte[8 * MIB]);
            return 0;
        });
        sshd.on("give-noise", (in, out, err) -> {
            err.write(new byte[20 * MIB]);
            out.write(new byte[3]);
            return 0;
        });
        sshd.on("give-for-ever", (in, out, err) -> {
            while (true) {
                out.write(new byte[MIB]);
            }
        });
        sshd.on("give-nothing", (in, out, err) -> {
            never.await();
            return 0;
        });
        runner = new SshjCommandRunner(sshd.endpoint().build(), counting.options());
    }

    @AfterEach
    void close() throws IOException {
        never.countDown();
        runner.close();
        sshd.close();
    }

    private static Optional<StreamProgress> report(String line) {
        return line.startsWith("size\t")
                ? Optional.of(new StreamProgress.Estimated(Long.parseLong(line.substring(5))))
                : Optional.empty();
    }

    private StreamSource source(String program) {
        return runner.source(List.of(program), RemoteStreamTest::report);
    }

    private StreamSink sink(String program) {
        return runner.sink(List.of(program));
    }

    private static StreamSource local(String script) {
        return new ProcessSource(List.of("sh", "-c", script), Map.of(), line -> Optional.empty());
    }

    private static Transfer.Ends join(StreamSource from, StreamSink to, List<StreamProgress> progress)
            throws InterruptedException {
        return new StreamJoiner(Concurrency.system())
                .start(from, to, progress::add)
                .await();
    }

    private static Transfer.Ends join(StreamSource from, StreamSink to) throws InterruptedException {
        return join(from, to, new ArrayList<>());
    }

    @Test
    void aPushArrives() throws Exception {
        Transfer.Ends ends = join(local("head -c 20000000 /dev/zero"), sink("take-all"));

        assertThat(ends).isEqualTo(new Transfer.Ends(StreamExit.OK, StreamExit.OK, 20_000_000));
        assertThat(received).hasValue(20_000_000);
    }

    @Test
    void aPullArrivesWithItsEstimateAndMessages() throws Exception {
        List<StreamProgress> progress = new ArrayList<>();
        Transfer.Ends ends = join(source("give-8m"), sink("take-all"), progress);

        assertThat(ends.bytes()).isEqualTo(8 * MIB);
        assertThat(ends.source()).isEqualTo(new StreamExit(0, "full\ta warning\n"));
        assertThat(ends.sink()).isEqualTo(StreamExit.OK);
        assertThat(progress).contains(new StreamProgress.Estimated(8 * MIB), new StreamProgress.Moved(8 * MIB));
    }

    /** Both outputs share a window: without a reader of its own, standard error would stop the stream. */
    @Test
    void muchOnStandardErrorDoesNotStopTheStream() throws Exception {
        Transfer.Ends ends = join(source("give-noise"), sink("take-all"));

        assertThat(received).hasValue(3);
        assertThat(ends.source().code()).isZero();
        assertThat(ends.source().output().length()).isLessThanOrEqualTo(16 * 1024);
    }

    @Test
    void aReceiverThatLeavesSaysWhyAndLeavesTheRestUnharmed() throws Exception {
        long before = System.nanoTime();
        Transfer.Ends ends = join(local("exec cat /dev/zero"), sink("refuse"));

        assertThat(ends.sink()).isEqualTo(new StreamExit(1, "cannot receive: out of space\n"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(join(source("give-8m"), sink("take-all")).sink()).isEqualTo(StreamExit.OK);
    }

    /** A thousand datasets need as many handshakes as there are streams at once. */
    @Test
    void connectionsAreKeptForTheNextStream() throws Exception {
        for (int i = 0; i < 5; i++) {
            join(local("echo x"), sink("take-all"));
        }
        assertThat(counting).hasToString("1 handshakes, 0 round trips, 5 streams");

        join(source("give-8m"), sink("take-all"));
        assertThat(counting).hasToString("2 handshakes, 0 round trips, 7 streams");
    }

    @Test
    void aConnectionThatDiedWhileNobodyUsedItIsReplaced() throws Exception {
        join(local("echo x"), sink("take-all"));
        sshd.sessions.get(0).close(true).await(Duration.ofSeconds(5));

        assertThat(join(local("echo xyz"), sink("take-all")).sink()).isEqualTo(StreamExit.OK);
        assertThat(received).hasValue(4);
        assertThat(counting.handshakes).hasValue(2);
    }

    @Test
    void aLostConnectionIsAFailureOfBothWays() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        sshd.on("begin", (in, out, err) -> {
            in.read();
            begun.countDown();
            never.await();
            return 0;
        });
        ByteSink to = (ByteSink) sink("begin");
        OutputStream out = to.open();
        out.write(1);
        begun.await();
        ByteSource from = (ByteSource) source("give-nothing");
        InputStream in = from.open();
        sshd.sessions.forEach(session -> session.close(true));

        assertThatThrownBy(() -> in.read()).isInstanceOf(IOException.class);
        assertThat(from.finish().code()).isEqualTo(StreamExit.LOST);
        assertThat(to.finish()).satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(StreamExit.LOST);
            assertThat(exit.output()).contains("connection to " + runner.host() + " was lost");
        });
    }

    /** As it is given by sshj, closing the stream would end the connection by an error. */
    @Test
    void aStreamMayBeGivenUpAtAnyTime() throws Exception {
        ByteSource from = (ByteSource) source("give-for-ever");
        InputStream in = from.open();
        assertThat(in.read()).isZero();
        in.close();

        assertThat(from.finish().code()).isEqualTo(StreamExit.LOST);
        assertThat(join(source("give-8m"), sink("take-all")).bytes()).isEqualTo(8 * MIB);
    }

    @Test
    void whoeverFinishesWithoutReadingIsNotWaitedFor() throws Exception {
        ByteSource from = (ByteSource) source("give-for-ever");
        from.open();

        assertThat(from.finish().code()).isEqualTo(StreamExit.LOST);
    }

    @Test
    void abortEndsAReadThatWaits() throws Exception {
        ByteSource from = (ByteSource) source("give-nothing");
        InputStream in = from.open();
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(() -> {
            try {
                return in.read() < 0;
            } catch (IOException e) {
                return true;
            }
        });

        from.abort();

        assertThat(ended.get()).isTrue();
        assertThat(from.finish()).isEqualTo(new StreamExit(StreamExit.LOST, "it was aborted"));
    }

    @Test
    void whatWasAbortedBeforeIsNotStarted() {
        ByteSink to = (ByteSink) sink("take-all");
        to.abort();

        assertThatThrownBy(to::open).isInstanceOf(IOException.class);
        assertThat(sshd.commands).isEmpty();
    }

    /**
     * The peer is there no more, and the network does not tell. A writer that waits for it holds every lock of sshj, so that
     * disconnecting waits too, and keepalive is not even sent; closing the socket is all that helps.
     */
    @Test
    void abortEndsAPushToADeadPeerAtOnce() throws Exception {
        // a window that is never full: the writer has to stand in the socket itself
        try (TestSshd roomy = new TestSshd(folder, server -> CoreModuleProperties.WINDOW_SIZE.set(server, 1L << 30));
                Relay relay = new Relay(roomy.server.getPort());
                SshjCommandRunner through = new SshjCommandRunner(
                        roomy.endpoint().port(relay.port()).build(), counting.options())) {
            roomy.on("take-all", (in, out, err) -> (int) in.transferTo(OutputStream.nullOutputStream()));
            ByteSink to = (ByteSink) through.sink(List.of("take-all"));
            OutputStream out = to.open();
            out.write(new byte[MIB]);
            Concurrency.Mailbox<Integer> written = Concurrency.system().mailbox();
            CompletableFuture<Boolean> failed = CompletableFuture.supplyAsync(() -> {
                try {
                    while (true) {
                        out.write(new byte[64 * 1024]);
                        written.post(64 * 1024);
                    }
                } catch (IOException e) {
                    return true;
                }
            });
            relay.freeze();
            while (written.poll(Duration.ofMillis(500)).isPresent()) {
                // until it stands still
            }

            long before = System.nanoTime();
            to.abort();
            to.finish();
            assertThat(failed.get()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        }
    }

    /** As it comes, sshj sends what needs no answer, and so would wait for ever. */
    @Test
    void aDeadPeerIsNoticedWhileReading() throws Exception {
        try (Relay relay = new Relay(sshd.server.getPort());
                SshjCommandRunner through = new SshjCommandRunner(
                        sshd.endpoint()
                                .port(relay.port())
                                .idleLimit(Duration.ofSeconds(3))
                                .build(),
                        counting.options())) {
            ByteSource from = (ByteSource) through.source(List.of("give-nothing"), RemoteStreamTest::report);
            InputStream in = from.open();
            relay.freeze();

            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
            assertThat(from.finish().output()).contains("was lost");
        }
    }

    @Test
    void aHostThatCannotBeReachedIsToldAsTheEnd() throws Exception {
        sshd.close();
        Transfer.Ends ends = join(local("echo x"), sink("take-all"));

        assertThat(ends.sink().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.sink().output()).contains("can't be reached", "no sshd answers");
    }

    @Test
    void closingCutsWhatIsUnderWay() throws Exception {
        ByteSource from = (ByteSource) source("give-nothing");
        InputStream in = from.open();
        runner.close();

        assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        assertThat(from.finish().code()).isEqualTo(StreamExit.LOST);
        assertThatThrownBy(() -> ((ByteSource) source("give-8m")).open()).hasMessageContaining("closed");
    }
}
