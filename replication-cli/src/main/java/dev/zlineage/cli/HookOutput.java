// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a program says, so that it never waits for a reader, and keeps the beginning. In a thread of its own: a child of the
 * program may live on with the pipe in its hands.
 */
final class HookOutput {

    private static final int MOST_KEPT = 1000;
    private static final long LAST_WAIT_MILLIS = 500;

    private final InputStream in;
    private final Thread thread = new Thread(this::read, "zlineage-hook-output");
    private volatile byte[] kept = new byte[0];

    private HookOutput(InputStream in) {
        this.in = in;
    }

    static HookOutput of(Process process) {
        HookOutput output = new HookOutput(process.getInputStream());
        output.thread.setDaemon(true);
        output.thread.start();
        return output;
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] before = kept;
                int more = Math.min(count, MOST_KEPT - before.length);
                if (more > 0) {
                    byte[] longer = Arrays.copyOf(before, before.length + more);
                    System.arraycopy(buffer, 0, longer, before.length, more);
                    kept = longer;
                }
            }
        } catch (IOException e) {
            // the program was ended
        }
    }

    /** As the end of a sentence; empty if nothing was said. */
    String words() throws InterruptedException {
        thread.join(LAST_WAIT_MILLIS);
        String text = new String(kept, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "" : ": " + text;
    }
}
