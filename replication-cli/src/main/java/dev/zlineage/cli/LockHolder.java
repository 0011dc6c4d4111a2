// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Who writes into a tree, as it stands in the file of a lock.
 *
 * @param top the topmost dataset, with its pool
 * @param pid the process
 * @param command what it does
 * @param since since when
 */
record LockHolder(String top, long pid, String command, String since) {

    private static final int MOST_BYTES = 64 * 1024;

    static LockHolder of(String top, String command) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new LockHolder(top, ProcessHandle.current().pid(), command, now);
    }

    static LockHolder read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // until all of it is there
        }
        List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (lines.size() < 4) {
            throw new IOException("a lock says too little");
        }
        try {
            return new LockHolder(lines.get(0), Long.parseLong(lines.get(1)), lines.get(3), lines.get(2));
        } catch (NumberFormatException e) {
            throw new IOException("a lock names no process: '" + lines.get(1) + "'", e);
        }
    }

    void write(FileChannel channel) throws IOException {
        String oneLine = command.replaceAll("\\R", " ");
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(
                        (top + "\n" + pid + "\n" + since + "\n" + oneLine + "\n").getBytes(StandardCharsets.UTF_8)),
                0);
    }

    /** What follows the pool, whose name does not matter. */
    String path() {
        int slash = top.indexOf('/');
        return slash < 0 ? "" : top.substring(slash);
    }

    String words() {
        return top + " is written into by process " + pid + " (" + command + ") since " + since;
    }
}
