// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.concurrency.Concurrency.Fork;
import dev.zlineage.core.concurrency.Concurrency.Mailbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VirtualConcurrencyTest {

    private static List<String> interleaving(long seed) throws InterruptedException {
        VirtualConcurrency virtual = new VirtualConcurrency(seed);
        List<String> steps = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            virtual.fork(name, () -> {
                for (int i = 0; i < 5; i++) {
                    steps.add(name + i);
                    virtual.giveWay();
                }
            });
        }
        virtual.drain();
        return steps;
    }

    @Test
    void sameSeedIsSameInterleaving() throws InterruptedException {
        Set<List<String>> all = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<String> once = interleaving(seed);
            assertThat(interleaving(seed)).isEqualTo(once).hasSize(15);
            all.add(once);
        }
        assertThat(all).hasSizeGreaterThan(15);
    }

    @Test
    void clockJumpsWhenAllSleep() throws InterruptedException {
        VirtualConcurrency virtual = new VirtualConcurrency(1);
        List<String> woken = new ArrayList<>();
        for (int hours : new int[] {3, 1, 2}) {
            virtual.fork("sleeper " + hours, () -> {
                try {
                    virtual.sleep(Duration.ofHours(hours));
                    woken.add(hours + " at " + Duration.between(VirtualConcurrency.START, virtual.now()));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        virtual.drain();
        assertThat(woken).containsExactly("1 at PT1H", "2 at PT2H", "3 at PT3H");
        assertThat(virtual.nanoTime()).isEqualTo(Duration.ofHours(3).toNanos());
    }

    @Test
    void mailboxHandsOverInOrderAndPollGivesUp() throws InterruptedException {
        VirtualConcurrency virtual = new VirtualConcurrency(7);
        Mailbox<Integer> box = virtual.mailbox();
        virtual.fork("sender", () -> {
            for (int i = 0; i < 3; i++) {
                box.post(i);
                virtual.giveWay();
            }
        });
        assertThat(box.take()).isZero();
        assertThat(box.take()).isEqualTo(1);
        assertThat(box.poll(Duration.ofSeconds(1))).contains(2);
        assertThat(box.poll(Duration.ofSeconds(1))).isEmpty();
        assertThat(virtual.nanoTime()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void interruptEndsAWait() throws InterruptedException {
        VirtualConcurrency virtual = new VirtualConcurrency(3);
        List<String> seen = new ArrayList<>();
        Fork fork = virtual.fork("sleeper", () -> {
            try {
                virtual.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                seen.add("interrupted");
            }
        });
        virtual.giveWay();
        fork.interrupt();
        fork.join();
        assertThat(seen).containsExactly("interrupted");
        assertThat(virtual.nanoTime()).isZero();
    }

    @Test
    void deadlockNamesWhoWaitsForWhat() {
        VirtualConcurrency virtual = new VirtualConcurrency(3);
        Mailbox<String> never = virtual.mailbox();
        Fork fork = virtual.fork("reader", () -> {
            try {
                never.take();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThatThrownBy(fork::join)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("main waits for the end of reader")
                .hasMessageContaining("reader waits for a message");
    }

    @Test
    void drainTellsWhatAForkThrew() {
        VirtualConcurrency virtual = new VirtualConcurrency(3);
        virtual.fork("bad", () -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(virtual::drain).isInstanceOf(AssertionError.class).hasMessageContaining("broken");
    }
}
