// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Small programs as ends of transfers. */
final class Programs {

    /** Told by the line {@code ready} on a source's standard error. */
    final CountDownLatch ready = new CountDownLatch(1);

    ProcessSource source(String script) {
        return source(List.of("sh", "-c", script));
    }

    ProcessSource source(List<String> argv) {
        return new ProcessSource(argv, Map.of("LC_ALL", "C"), line -> {
            if (line.equals("ready")) {
                ready.countDown();
                return Optional.of(new StreamProgress.Moved(0));
            }
            return line.startsWith("size ")
                    ? Optional.of(new StreamProgress.Estimated(Long.parseLong(line.substring(5))))
                    : Optional.empty();
        });
    }

    static ProcessSink sink(String script) {
        return new ProcessSink(List.of("sh", "-c", script), Map.of("LC_ALL", "C"));
    }

    /** Waits until the source said that it is ready, and tells what runs then. */
    List<ProcessHandle> running() throws InterruptedException {
        assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
        return new ArrayList<>(ProcessHandle.current().descendants().toList());
    }

    static void assertGone(List<ProcessHandle> handles) {
        assertThat(handles).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    }

    static void assertNothingRuns() {
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
