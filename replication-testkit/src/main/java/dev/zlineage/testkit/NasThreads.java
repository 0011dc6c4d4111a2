// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.Closeable;
import java.io.IOException;

/** The threads of a {@link FakeNas}. None of them keeps a JVM alive. */
final class NasThreads {

    /** What a thread does until its socket or its stream is closed. */
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private NasThreads() {}

    static Thread start(String what, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // closed: that is how such a thread ends
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "fake-nas " + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // nothing is left to do with it
        }
    }
}
