// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import static dev.zlineage.core.transport.Programs.assertGone;
import static dev.zlineage.core.transport.Programs.assertNothingRuns;
import static dev.zlineage.core.transport.Programs.sink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.Transfer.Ends;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two real programs on a kernel pipe, and everything that goes wrong with programs. */
@Timeout(90)
class PipedTransferTest {

    private static final Consumer<StreamProgress> NOBODY = progress -> {};

    private final Concurrency system = Concurrency.system();
    private final Programs programs = new Programs();

    private Transfer start(ProcessSource source, ProcessSink sink) {
        return new StreamJoiner(system).start(source, sink, NOBODY);
    }

    @Test
    void carriesAHundredMegabytes() throws Exception {
        Ends ends = start(
                        programs.source(List.of("head", "-c", "104857600", "/dev/zero")),
                        sink("test $(wc -c) = 104857600"))
                .await();

        assertThat(ends.source()).isEqualTo(StreamExit.OK);
        assertThat(ends.sink()).isEqualTo(StreamExit.OK);
        assertNothingRuns();
    }

    @Test
    void tellsExitAndMessagesOfBothEnds() throws Exception {
        Ends ends = start(
                        programs.source("echo from >&2; exit 3"), sink("cat >/dev/null; echo to >&2; echo out; exit 4"))
                .await();

        assertThat(ends.source()).isEqualTo(new StreamExit(3, "from\n"));
        assertThat(ends.sink()).isEqualTo(new StreamExit(4, "to\nout\n"));
    }

    @Test
    void endsAWriterWhoseReceiverLeft() throws Exception {
        Ends ends = start(programs.source(List.of("cat", "/dev/zero")), sink("echo full >&2; exit 1"))
                .await();

        assertThat(ends.source().code()).isEqualTo(141);
        assertThat(ends.sink()).isEqualTo(new StreamExit(1, "full\n"));
        assertNothingRuns();
    }

    /** A sender that does not write never notices by itself. */
    @Test
    void endsASilentSenderWhoseReceiverLeft() throws Exception {
        Ends ends = PipedTransfer.start(
                        system,
                        programs.source(List.of("sleep", "1000")),
                        sink("exit 1"),
                        NOBODY,
                        Duration.ofMillis(100))
                .await();

        assertThat(ends.source().code()).isEqualTo(143);
        assertNothingRuns();
    }

    @Test
    void abortEndsBothAndTheirChildren() throws Exception {
        Transfer transfer = start(
                programs.source("sleep 1000 & sleep 1000 | cat & echo ready >&2; wait"),
                sink("(sleep 1000; cat) | cat"));
        List<ProcessHandle> running = programs.running();

        transfer.abort();
        Ends ends = transfer.await();

        assertThat(ends.source().code()).isEqualTo(143);
        assertThat(ends.sink().code()).isEqualTo(143);
        assertGone(running);
    }

    @Test
    void abortKillsWhatIgnoresTheSignal() throws Exception {
        Transfer transfer = start(
                programs.source("trap '' TERM; echo; echo ready >&2; sleep 1000; sleep 1000"),
                sink("trap '' TERM; read line; sleep 1000; sleep 1000"));
        List<ProcessHandle> running = programs.running();

        transfer.abort();
        Ends ends = transfer.await();

        assertThat(ends.source().code()).isEqualTo(137);
        assertGone(running);
    }

    /** The child ignores the signal, its parent does not: it is found although nobody leads to it any more. */
    @Test
    void abortKillsAChildThatOutlivesItsParent() throws Exception {
        Transfer transfer = start(
                programs.source("(trap '' TERM; echo ready >&2; sleep 1000; sleep 1000) & wait"),
                sink("cat >/dev/null"));
        List<ProcessHandle> running = programs.running();

        transfer.abort();
        transfer.await();

        assertGone(running);
    }

    @Test
    void abortAfterTheEndAndTwiceIsHarmless() throws Exception {
        Transfer transfer = start(programs.source("true"), sink("cat >/dev/null"));
        Ends ends = transfer.await();
        transfer.abort();
        transfer.abort();

        assertThat(ends.source().code()).isZero();
    }

    @Test
    void anInterruptEndsThePrograms() throws Exception {
        Transfer transfer = start(programs.source("echo ready >&2; sleep 1000"), sink("cat >/dev/null"));
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
    }

    @Test
    void keepsTheEndOfAMegabyteOfMessages() throws Exception {
        Ends ends = start(
                        programs.source(
                                "yes 'a line of a long complaint' | head -c 1000000 >&2; echo last >&2; exit 1"),
                        sink("cat >/dev/null; yes | head -c 1000000; echo end"))
                .await();

        assertThat(ends.source().code()).isEqualTo(1);
        assertThat(ends.source().output())
                .hasSizeLessThanOrEqualTo(Messages.KEPT)
                .endsWith("last\n");
        assertThat(ends.sink().output()).hasSizeLessThanOrEqualTo(Messages.KEPT).endsWith("end\n");
    }

    /** A child in the background has inherited standard error, and keeps it open after its parent has ended. */
    @Test
    void doesNotWaitForAChildThatKeepsStandardErrorOpen() throws Exception {
        Ends ends = start(programs.source("sleep 1000 >/dev/null & echo $! >&2"), sink("cat >/dev/null"))
                .await();

        ProcessHandle left =
                ProcessHandle.of(Long.parseLong(ends.source().output().strip())).orElseThrow();
        assertThat(left.isAlive()).isTrue();
        left.destroyForcibly();
    }

    @Test
    void namesASourceThatIsMissing() throws Exception {
        Ends ends = start(programs.source(List.of("no-such-program", "x")), sink("cat >/dev/null"))
                .await();

        assertThat(ends.source().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.source().output()).contains("no-such-program");
        assertThat(ends.sink().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.sink().output()).doesNotContain("no-such-program");
        assertNothingRuns();
    }

    @Test
    void namesASinkThatIsMissingAndLeavesNoSource() throws Exception {
        Ends ends = start(
                        programs.source(List.of("sleep", "1000")),
                        new ProcessSink(List.of("no-such-program"), Map.of()))
                .await();

        assertThat(ends.sink().code()).isEqualTo(StreamExit.LOST);
        assertThat(ends.sink().output()).contains("no-such-program");
        assertThat(ends.source().code()).isEqualTo(StreamExit.LOST);
        assertNothingRuns();
    }

    @Test
    void takesReportsOutOfTheMessages() throws Exception {
        List<StreamProgress> reported = new ArrayList<>();
        Ends ends = new StreamJoiner(system)
                .start(
                        programs.source("echo size 5 >&2; echo other >&2; printf 'size 6' >&2"),
                        sink("cat"),
                        reported::add)
                .await();

        assertThat(reported).containsExactly(new StreamProgress.Estimated(5), new StreamProgress.Estimated(6));
        assertThat(ends.source().output()).isEqualTo("other\n");
    }

    /** Who stops reading makes the program wait for a reader. */
    @Test
    void aListenerThatThrowsDoesNotStopTheTransfer() throws Exception {
        Ends ends = new StreamJoiner(system)
                .start(
                        programs.source("echo size 5 >&2; yes | head -c 1000000 >&2; echo done"),
                        sink("read line; test \"$line\" = done"),
                        progress -> {
                            throw new IllegalStateException("a listener's mistake");
                        })
                .await();

        assertThat(ends.source().code()).isZero();
        assertThat(ends.sink().code()).isZero();
    }

    @Test
    void passesArgumentsAndEnvironmentUntouched() throws Exception {
        List<String> argv =
                List.of("sh", "-c", "printf '%s|' \"$@\" \"$MARK\"", "sh", "a b", "'\"$x`\\", "", "line\nfeed");
        ProcessSource source = new ProcessSource(argv, Map.of("MARK", "m n"), line -> java.util.Optional.empty());

        assertThat(start(source, sink("cat")).await().sink().output()).isEqualTo("a b|'\"$x`\\||line\nfeed|m n|");
    }
}
