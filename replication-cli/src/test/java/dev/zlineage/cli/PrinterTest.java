// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PrinterTest {

    /** As a pipe whose reader stands still for a while. */
    @Test
    void whoDoesNotReadHoldsUpNobodyAndIsToldWhatHeMissed() {
        StringWriter text = new StringWriter();
        CountDownLatch reads = new CountDownLatch(1);
        PrintWriter out = new PrintWriter(text) {
            @Override
            public void println(String line) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                super.println(line);
            }
        };
        try (Printer printer = new Printer(out, lost -> lost + " lost")) {
            for (int i = 0; i < 15_000; i++) {
                printer.line("line " + i);
            }
            reads.countDown();
        }
        assertThat(text.toString().lines().toList())
                .startsWith("line 0")
                .anyMatch(line -> line.matches("(4999|5000) lost"))
                .hasSizeBetween(10_001, 10_002);
    }
}
