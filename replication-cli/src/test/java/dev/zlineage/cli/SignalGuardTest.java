// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SignalGuardTest {

    @Test
    @DisplayName("a signal cancels, and waits until the run has returned")
    void cancelsAndWaits() throws InterruptedException {
        SignalGuard guard = SignalGuard.install();
        CountDownLatch over = new CountDownLatch(1);
        Thread signal = new Thread(() -> {
            guard.signalled();
            over.countDown();
        });
        signal.start();
        while (!guard.cancellation().isCancelled()) {
            Thread.onSpinWait();
        }
        assertThat(over.getCount()).isEqualTo(1);

        guard.close();

        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
