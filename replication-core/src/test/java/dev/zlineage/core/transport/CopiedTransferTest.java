// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import static dev.zlineage.core.transport.Programs.assertGone;
import static dev.zlineage.core.transport.Programs.assertNothingRuns;
import static dev.zlineage.core.transport.Programs.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.Transfer.Ends;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs as ends of a copy, and what the sink gets to see of a source that fails. */
@Timeout(90)
class CopiedTransferTest {

    private static final Consumer<StreamProgress> NOBODY = progress -> {};

    @TempDir
    private Path folder;

    private final Concurrency system = Concurrency.system();
    private final Programs programs = new Programs();

    /** A source that is a stream, and ends as it is told. */
    private record Bytes(InputStream stream, StreamExit exit) implements ByteSource {

        @Override
        public InputStream open() {
            return stream;
        }

        @Override
        public StreamExit finish() {
            return exit;
        }

        @Override
        public void abort() {
            try {
                stream.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** A sink that counts. */
    private static final class Count extends OutputStream implements ByteSink {
        private long bytes;
        private boolean closed;
        private boolean aborted;

        @Override
        public OutputStream open() {
            return this;
        }

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int from, int length) {
            bytes += length;
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public StreamExit finish() {
            return StreamExit.OK;
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }

    private static InputStream failing() {
        return new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the link is lost");
            }
        });
    }

    /** Says in a file that it has read a stream to its end. */
    private ProcessSink receiver() {
        return sink("cat >/dev/null; touch '" + whole() + "'");
    }

    private Path whole() {
        return folder.resolve("whole");
    }

    private Transfer start(StreamSource source, StreamSink sink) {
        return new StreamJoiner(system).start(source, sink, NOBODY);
    }

    @Test
    void aProgramReadsTheStreamToItsEnd() throws Exception {
        Ends ends = start(new Bytes(new ByteArrayInputStream(new byte[300_000]), StreamExit.OK), receiver())
                .await();

        assertThat(ends).isEqualTo(new Ends(StreamExit.OK, StreamExit.OK, 300_000));
        assertThat(whole()).exists();
    }

    @Test
    void aLostSourceIsNoEndOfTheStream() throws Exception {
        Ends ends = start(new Bytes(failing(), new StreamExit(StreamExit.LOST, "lost")), receiver())
                .await();

        assertThat(ends.source().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.sink().code()).isEqualTo(143);
        assertThat(whole()).doesNotExist();
        assertNothingRuns();
    }

    /** The stream of a source that died ends like any other; its exit code tells. */
    @Test
    void theEndOfASourceThatFailedIsNoEndOfTheStream() throws Exception {
        StreamExit failed = new StreamExit(1, "cannot send");
        Ends ends = start(new Bytes(new ByteArrayInputStream(new byte[300_000]), failed), receiver())
                .await();

        assertThat(ends.source()).isEqualTo(failed);
        assertThat(ends.sink().code()).isEqualTo(143);
        assertThat(whole()).doesNotExist();
    }

    @Test
    void aReceiverThatLeavesSaysWhy() throws Exception {
        Ends ends = start(
                        programs.source(List.of("cat", "/dev/zero")),
                        new Wrapped(system, sink("head -c 10 >/dev/null; echo has been modified >&2; exit 7")))
                .await();

        assertThat(ends.sink()).isEqualTo(new StreamExit(7, "has been modified\n"));
        assertThat(ends.source().code()).isGreaterThan(128);
        assertNothingRuns();
    }

    @Test
    void copiesAHundredMegabytesOfAProgram() throws Exception {
        Count count = new Count();
        List<StreamProgress> reported = new ArrayList<>();
        Ends ends = new StreamJoiner(system)
                .start(
                        programs.source("echo size 4711 >&2; sleep 1; head -c 104857600 /dev/zero"),
                        count,
                        reported::add)
                .await();

        assertThat(ends).isEqualTo(new Ends(StreamExit.OK, StreamExit.OK, 104857600));
        assertThat(count.bytes).isEqualTo(104857600);
        assertThat(count.closed).isTrue();
        assertThat(reported).contains(new StreamProgress.Estimated(4711)).endsWith(new StreamProgress.Moved(104857600));
    }

    /** Its estimate comes by another way than its bytes, and can be the slower one. */
    @Test
    void anEstimateThatComesAfterTheLastByteIsTold() throws Exception {
        List<StreamProgress> reported = new ArrayList<>();
        ByteSource late = new ByteSource() {
            private boolean finished;

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[1000]);
            }

            @Override
            public OptionalLong estimate() {
                return finished ? OptionalLong.of(900) : OptionalLong.empty();
            }

            @Override
            public StreamExit finish() {
                finished = true;
                return StreamExit.OK;
            }

            @Override
            public void abort() {}
        };
        new StreamJoiner(system).start(late, new Count(), reported::add).await();

        assertThat(reported).containsExactly(new StreamProgress.Moved(1000), new StreamProgress.Estimated(900));
    }

    @Test
    void aProgramThatFailsAbortsTheSink() throws Exception {
        Count count = new Count();
        Ends ends =
                start(programs.source("echo part; echo why >&2; exit 9"), count).await();

        assertThat(ends.source()).isEqualTo(new StreamExit(9, "why\n"));
        assertThat(count.closed).isFalse();
        assertThat(count.aborted).isTrue();
    }

    @Test
    void anInterruptIsNoticedWhileASourceIsSilent() throws Exception {
        Transfer transfer = start(programs.source("echo ready >&2; sleep 1000"), new Wrapped(system, receiver()));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Concurrency.Fork waiting = system.fork("test", () -> {
            try {
                transfer.await();
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        List<ProcessHandle> running = programs.running();

        waiting.interrupt();
        waiting.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertGone(running);
        assertThat(whole()).doesNotExist();
    }

    @Test
    void abortKillsAReceiverThatIgnoresTheSignal() throws Exception {
        Path ready = folder.resolve("ready");
        assertThat(new ProcessBuilder("mkfifo", ready.toString()).start().waitFor())
                .isZero();
        Transfer transfer = start(
                programs.source("sleep 1000"),
                new Wrapped(
                        system,
                        sink("trap '' TERM; echo > '" + ready + "'; cat >/dev/null; touch '" + whole()
                                + "'; sleep 1000")));
        AtomicReference<Ends> ends = new AtomicReference<>();
        Concurrency.Fork waiting = system.fork("test", () -> {
            try {
                ends.set(transfer.await());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Files.readString(ready);
        List<ProcessHandle> running =
                new ArrayList<>(ProcessHandle.current().descendants().toList());

        transfer.abort();
        waiting.join();

        assertThat(ends.get().sink().code()).isEqualTo(137);
        assertThat(whole()).doesNotExist();
        assertGone(running);
    }

    @Test
    void aMissingProgramIsLostAndTheOtherEndIsNotBlamed() throws Exception {
        Count count = new Count();
        Ends ends = start(programs.source(List.of("no-such-program")), count).await();

        assertThat(ends.source().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.source().output()).contains("no-such-program");
        assertThat(ends.sink().output()).doesNotContain("no-such-program");
        assertThat(count.closed).isFalse();

        Ends other = start(
                        new Bytes(new ByteArrayInputStream(new byte[10]), StreamExit.OK),
                        new ProcessSink(List.of("no-such-program"), Map.of()))
                .await();
        assertThat(other.sink().code()).isEqualTo(StreamExit.LOST);
        assertThat(other.sink().output()).contains("no-such-program");
    }

    @Test
    void whatAListenerThrowsEndsTheTransferAndIsThrown() {
        Transfer transfer = new StreamJoiner(system)
                .start(programs.source(List.of("cat", "/dev/zero")), new Wrapped(system, receiver()), progress -> {
                    throw new IllegalStateException("a listener's mistake");
                });

        assertThatThrownBy(transfer::await).hasMessage("a listener's mistake");
        assertThat(whole()).doesNotExist();
        assertNothingRuns();
    }

    /** A program that is not recognised as one, so that the bytes are copied. */
    private static final class Wrapped implements ByteSink {
        private final ProcessByteSink program;

        Wrapped(Concurrency concurrency, ProcessSink program) {
            this.program = new ProcessByteSink(concurrency, program);
        }

        @Override
        public OutputStream open() throws IOException {
            return program.open();
        }

        @Override
        public StreamExit finish() throws IOException {
            return program.finish();
        }

        @Override
        public void abort() {
            program.abort();
        }
    }

    /** What a pipe of the kernel moves can be neither counted nor held back here. */
    @Test
    void withALimitTwoProgramsAreCopiedToo() throws Exception {
        Ends ends = new StreamJoiner(system, Optional.of(new RateLimit(system, 1L << 40)))
                .start(programs.source("head -c 100000 /dev/zero"), sink("cat > /dev/null"), NOBODY)
                .await();

        assertThat(ends).isEqualTo(new Ends(StreamExit.OK, StreamExit.OK, 100_000));
    }
}
