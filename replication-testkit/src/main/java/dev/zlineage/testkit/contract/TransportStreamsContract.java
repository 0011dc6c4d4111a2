// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cases of {@link TransportContractTest} about streams. */
abstract class TransportStreamsContract extends TransportCase {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int MEBIBYTE = 1024 * 1024;

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    @DisplayName("streams of any size arrive byte by byte, there and back")
    void thereAndBack() throws InterruptedException {
        String file = remote().folder() + "/a file's name";
        for (int size : new int[] {0, 1, 65_536, 5 * MEBIBYTE + 7}) {
            byte[] bytes = random(size);
            Transfer.Ends up = Remote.transfer(HereSource.of(bytes), remote().sink("cat > \"$1\"", file));
            assertThat(up).isEqualTo(new Transfer.Ends(StreamExit.OK, StreamExit.OK, size));
            HereSink back = HereSink.keeping();
            Transfer.Ends down = Remote.transfer(remote().source("cat \"$1\"", file), back);
            assertThat(down).isEqualTo(new Transfer.Ends(StreamExit.OK, StreamExit.OK, size));
            assertThat(back.bytes()).isEqualTo(bytes);
        }
        remote().run("rm -r \"${1%/*}\"", file);
    }

    @Test
    @DisplayName("from one program of the host to another")
    void programToProgram() throws InterruptedException {
        String folder = remote().folder();
        remote().run("head -c 3000000 /dev/urandom > \"$1/a\"", folder);
        Transfer.Ends ends =
                Remote.transfer(remote().source("cat \"$1/a\"", folder), remote().sink("cat > \"$1/b\"", folder));
        assertThat(ends.source()).isEqualTo(StreamExit.OK);
        assertThat(ends.sink()).isEqualTo(StreamExit.OK);
        assertThat(remote().run("cmp \"$1/a\" \"$1/b\" && rm -r \"$1\"", folder).exitCode())
                .isZero();
    }

    @Test
    @DisplayName("a program that leaves early is seen to, soon, with its exit code and its message")
    void earlyExit() throws InterruptedException {
        long start = System.nanoTime();
        Transfer.Ends ends = Remote.transfer(
                HereSource.endless(), remote().sink("head -c 100000 >/dev/null; echo no room >&2; exit 7"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(ends.sink()).isEqualTo(new StreamExit(7, "no room\n"));
        ends = Remote.transfer(HereSource.endless(), remote().sink("echo refused >&2; exit 1"));
        assertThat(ends.sink()).isEqualTo(new StreamExit(1, "refused\n"));
        assertThat(remote().run("echo fine").stdout()).isEqualTo("fine\n");
    }

    @Test
    @DisplayName("a program that fails at the end is told from one that does not")
    void lateFailure() throws InterruptedException {
        Transfer.Ends ends =
                Remote.transfer(HereSource.of(random(100_000)), remote().sink("cat >/dev/null; echo bad >&2; exit 5"));
        assertThat(ends.sink()).isEqualTo(new StreamExit(5, "bad\n"));
    }

    @Test
    @DisplayName("a source that fails in the middle never looks like one that came to its end")
    void sourceFails() throws InterruptedException {
        HereSink sink = HereSink.keeping();
        Transfer.Ends ends =
                Remote.transfer(remote().source("head -c 300000 /dev/zero; echo broken >&2; exit 3"), sink);
        assertThat(ends.source()).isEqualTo(new StreamExit(3, "broken\n"));
        assertThat(ends.sink().code()).isNotZero();
        assertThat(Remote.transfer(remote().source("kill -9 $$"), HereSink.keeping())
                        .source()
                        .code())
                .isNotZero();
        assertThat(Remote.transfer(remote().source("exit 2"), HereSink.keeping())
                        .source()
                        .code())
                .isEqualTo(2);
    }

    @Test
    @DisplayName("a download that is aborted by another thread ends soon, and so does its program")
    void abortDownload() throws InterruptedException {
        String folder = remote().folder();
        HereSink sink = HereSink.forgetting();
        Transfer transfer = Remote.start(
                remote().source("echo $$ > \"$1/pid\"; while :; do echo some more of the same; done", folder), sink);
        Thread aborting = new Thread(() -> {
            try {
                sink.awaitFirst();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            transfer.abort();
        });
        aborting.start();
        long start = System.nanoTime();
        Transfer.Ends ends = transfer.await();
        aborting.join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(ends.source().code()).isNotZero();
        remote().assertGone(folder + "/pid");
        remote().run("rm -r \"$1\"", folder);
    }

    @Test
    @DisplayName("an upload that is aborted by another thread ends soon, and so does its program")
    void abortUpload() throws InterruptedException {
        String folder = remote().folder();
        Transfer transfer =
                Remote.start(HereSource.endless(), remote().sink("echo $$ > \"$1/pid\"; cat >/dev/null", folder));
        Thread aborting = new Thread(() -> {
            // the way to the host is used by others at the same time
            remote().run("until [ -s \"$1/pid\" ]; do sleep 0.05; done", folder);
            transfer.abort();
        });
        aborting.start();
        Transfer.Ends ends = transfer.await();
        long start = System.nanoTime();
        aborting.join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(ends.sink().code()).isNotZero();
        remote().assertGone(folder + "/pid");
        remote().run("rm -r \"$1\"", folder);
    }

    @Test
    @DisplayName("a stream whose reader stands still can be aborted")
    void abortStandstill() throws InterruptedException {
        String folder = remote().folder();
        Transfer transfer =
                Remote.start(HereSource.endless(), remote().sink("echo $$ > \"$1/pid\"; exec sleep 40", folder));
        Thread aborting = new Thread(() -> {
            remote().run("until [ -s \"$1/pid\" ]; do sleep 0.05; done", folder);
            transfer.abort();
        });
        long start = System.nanoTime();
        aborting.start();
        Transfer.Ends ends = transfer.await();
        aborting.join();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON.plusSeconds(5));
        assertThat(ends.sink().code()).isNotZero();
        remote().run("kill $(cat \"$1/pid\") 2>/dev/null; rm -r \"$1\"", folder);
    }

    @Test
    @DisplayName("a flood of messages does not hold up the stream")
    void floodOfMessages() throws InterruptedException {
        HereSink sink = HereSink.keeping();
        Transfer.Ends ends = Remote.transfer(
                remote().source("i=0; while [ $i -lt 60000 ]; do echo \"a message with some words in it: $i\" >&2;"
                        + " i=$((i+1)); done; head -c 1000000 /dev/zero"),
                sink);
        assertThat(ends.source().code()).isZero();
        assertThat(sink.bytes()).hasSize(1_000_000);
        assertThat(ends.source().output()).contains("a message with some words in it: 59999");
    }

    @Test
    @DisplayName("lines that report progress are reports, and the others are messages")
    void reports() throws InterruptedException {
        List<String> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        StreamSource source = remote().source(
                        line -> {
                            seen.add(line);
                            return line.startsWith("size\t")
                                    ? Optional.of(new StreamProgress.Estimated(Long.parseLong(line.substring(5))))
                                    : Optional.empty();
                        },
                        "echo first >&2; printf 'size\\t1000\\n' >&2; head -c 1000 /dev/zero; echo last >&2");
        Transfer.Ends ends = Remote.transfer(source, HereSink.keeping());
        assertThat(seen).containsExactly("first", "size\t1000", "last");
        assertThat(ends.source()).isEqualTo(new StreamExit(0, "first\nlast\n"));
    }

    @Test
    @DisplayName("a source has nothing to read, and both ends have the arguments as they are")
    void inputAndArguments() throws InterruptedException {
        HereSink sink = HereSink.keeping();
        String hostile = "it's \"$HOME\" `no`\n* \\ ;";
        assertThat(Remote.transfer(remote().source("cat; printf %s \"$1\"", hostile), sink)
                        .source())
                .isEqualTo(StreamExit.OK);
        assertThat(sink.bytes()).asString().isEqualTo(hostile);
        assertThat(Remote.transfer(
                                HereSource.of(new byte[10]),
                                remote().sink("cat >/dev/null; printf '%s\\n' \"$1\" >&2; exit 1", "a 'b'"))
                        .sink())
                .isEqualTo(new StreamExit(1, "a 'b'\n"));
    }

    @Test
    @DisplayName("several streams run at once, both ways, with commands between them")
    void atOnce() throws InterruptedException {
        List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(new Thread(() -> check(wrong, this::download)));
            threads.add(new Thread(() -> check(wrong, this::upload)));
        }
        threads.forEach(Thread::start);
        assertThat(remote().run("echo fine").stdout()).isEqualTo("fine\n");
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
    }

    private interface Piece {
        Transfer.Ends run() throws InterruptedException;
    }

    private static void check(List<String> wrong, Piece piece) {
        try {
            Transfer.Ends ends = piece.run();
            if (!ends.equals(new Transfer.Ends(StreamExit.OK, StreamExit.OK, 2 * MEBIBYTE))) {
                wrong.add(ends.toString());
            }
        } catch (InterruptedException | RuntimeException e) {
            wrong.add(e.toString());
        }
    }

    private Transfer.Ends download() throws InterruptedException {
        return Remote.transfer(remote().source("head -c " + 2 * MEBIBYTE + " /dev/zero"), HereSink.forgetting());
    }

    private Transfer.Ends upload() throws InterruptedException {
        return Remote.transfer(
                HereSource.of(random(2 * MEBIBYTE)), remote().sink("[ $(wc -c) -eq " + 2 * MEBIBYTE + " ]"));
    }
}
