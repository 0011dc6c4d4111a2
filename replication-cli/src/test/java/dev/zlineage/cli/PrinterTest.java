// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
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
        try (Printer printer = new Printer(out, 1000, lost -> lost + " lost")) {
            for (int i = 0; i < 150; i++) {
                printer.line("line 3.14159");
            }
            reads.countDown();
            while (!text.toString().contains("lost")) {
                Thread.onSpinWait();
            }
            printer.line("after");
        }
        List<String> lines = text.toString().lines().toList();
        long printed = lines.stream().filter("line 3.14159"::equals).count();
        long missed = lines.stream()
                .filter(line -> line.endsWith(" lost"))
                .mapToLong(line -> Long.parseLong(line.split(" ")[0]))
                .sum();
        // 83 wait, and one more if the first was taken before; those that are lost before and after that are told of
        // apart
        assertThat(printed).isBetween(83L, 84L);
        assertThat(printed + missed).isEqualTo(150);
        assertThat(lines.get(lines.size() - 2)).endsWith(" lost");
        assertThat(lines).endsWith("after");
    }

    /** Of one line that is too long there is no shorter form. */
    @Test
    void aLongLineIsPrintedAllTheSame() {
        StringWriter text = new StringWriter();
        try (Printer printer = new Printer(new PrintWriter(text), 10, lost -> lost + " lost")) {
            printer.line("x".repeat(100));
        }
        assertThat(text.toString()).isEqualToIgnoringNewLines("x".repeat(100));
    }
}
