// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.select.DailyRates;
import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.ByteSource;
import dev.zlineage.core.transport.RateLimit;
import dev.zlineage.core.transport.StreamExit;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.Transfer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How long limited transfers take, in virtual time, in which a copy takes none. */
class RateLimitTest {

    private static final int MIB = 1024 * 1024;

    private final VirtualConcurrency time = new VirtualConcurrency(3);

    private record Bytes(int count) implements ByteSource {

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(new byte[count]);
        }

        @Override
        public StreamExit finish() {
            return StreamExit.OK;
        }

        @Override
        public void abort() {
            // a read never waits
        }
    }

    private record Nowhere() implements ByteSink {

        @Override
        public OutputStream open() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public StreamExit finish() {
            return StreamExit.OK;
        }

        @Override
        public void abort() {
            // a write never waits
        }
    }

    private StreamJoiner joiner(long bytesPerSecond) {
        return new StreamJoiner(time, Optional.of(new RateLimit(time, bytesPerSecond)));
    }

    private Transfer start(StreamJoiner joiner, int bytes) {
        return joiner.start(new Bytes(bytes), new Nowhere(), progress -> {});
    }

    private void assertTook(Duration expected) {
        assertThat(Duration.ofNanos(time.nanoTime())).isBetween(expected.minusSeconds(1), expected.plusSeconds(1));
    }

    @Test
    void aTransferTakesAsLongAsItsBytesAllow() throws InterruptedException {
        Transfer.Ends ends = start(joiner(MIB), 100 * MIB).await();

        assertThat(ends.bytes()).isEqualTo(100 * MIB);
        assertTook(Duration.ofSeconds(100));
    }

    @Test
    void aSlowOneIsSteady() throws InterruptedException {
        List<Long> moments = new ArrayList<>();
        joiner(1024)
                .start(new Bytes(60 * 1024), new Nowhere(), progress -> moments.add(time.nanoTime()))
                .await();

        assertTook(Duration.ofSeconds(60));
        for (int i = 1; i < moments.size(); i++) {
            assertThat(moments.get(i) - moments.get(i - 1))
                    .isLessThan(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void allTransfersOfAJoinerShareIt() throws InterruptedException {
        StreamJoiner joiner = joiner(MIB);
        List<Concurrency.Fork> forks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Transfer transfer = start(joiner, 10 * MIB);
            forks.add(time.fork("transfer", () -> {
                try {
                    transfer.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Concurrency.Fork fork : forks) {
            fork.join();
        }

        assertTook(Duration.ofSeconds(40));
    }

    /** By day a mebibyte a second, by night as much as there is; the stream that is under way is not cut. */
    @Test
    void aLimitByTheTimeOfTheDayChangesUnderATransfer() throws InterruptedException {
        DailyRates day = new DailyRates(
                ZoneOffset.UTC,
                List.of(new DailyRates.Window(LocalTime.of(6, 0), LocalTime.of(22, 0), Optional.of((long) MIB))));
        RateLimit limit = new RateLimit(time, moment -> day.at(moment, Optional.empty()));
        time.sleep(Duration.ofHours(21).plusMinutes(59)); // from midnight

        Transfer.Ends ends =
                start(new StreamJoiner(time, Optional.of(limit)), 1000 * MIB).await();

        assertThat(ends.bytes()).isEqualTo(1000L * MIB);
        assertTook(Duration.ofHours(22));

        time.sleep(Duration.ofHours(8).minusSeconds(1)); // a second before six
        limit = new RateLimit(time, moment -> day.at(moment, Optional.of(2L * MIB)));
        new StreamJoiner(time, Optional.of(limit))
                .start(new Bytes(12 * MIB), new Nowhere(), progress -> {})
                .await();

        assertTook(Duration.ofHours(30).plusSeconds(10)); // two in the last second of the night
    }

    /** A pause is not made up for by a burst. */
    @Test
    void whatWasNotUsedIsNotSaved() throws InterruptedException {
        StreamJoiner joiner = joiner(MIB);
        time.sleep(Duration.ofHours(1));

        start(joiner, 20 * MIB).await();

        assertTook(Duration.ofHours(1).plusSeconds(20));
    }

    @Test
    void abortDoesNotWaitForTheAllowance() throws InterruptedException {
        Transfer transfer = start(joiner(1024), 100 * MIB);
        time.fork("abort", () -> {
            try {
                time.sleep(Duration.ofSeconds(10));
                transfer.abort();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(transfer.await().bytes()).isLessThan(12 * 1024);
        assertThat(Duration.ofNanos(time.nanoTime())).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void lessThanSomeIsNoLimit() {
        assertThatThrownBy(() -> new RateLimit(time, 1023)).isInstanceOf(IllegalArgumentException.class);
    }
}
