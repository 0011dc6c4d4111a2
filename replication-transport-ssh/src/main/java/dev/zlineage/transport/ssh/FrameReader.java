// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.LosslessText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes one output of {@link RemoteScript} apart. The first section is what came before the first command, such as what a
 * login prints. Not safe for use by several threads: one fills it, and whoever reads the sections has waited for that one.
 */
final class FrameReader {

    /**
     * What was printed up to a mark.
     *
     * @param text what was printed
     * @param label what stands behind the mark: the exit code
     */
    record Section(String text, String label) {}

    private final byte[] mark;
    private final int limit;
    private final List<Section> sections = new ArrayList<>();
    private byte[] open = new byte[8 * 1024];
    private int length;
    private int searched;
    private boolean full;

    /**
     * A reader.
     *
     * @param mark the line that parts sections, without what stands behind it
     * @param limit how many bytes of a section are kept
     */
    FrameReader(String mark, int limit) {
        this.mark = (mark + " ").getBytes(StandardCharsets.US_ASCII);
        this.limit = limit;
    }

    /**
     * Takes what was read.
     *
     * @param bytes not kept
     * @param count how many of them
     * @return false once a section is longer than what is kept; from then on nothing is taken any more
     */
    boolean add(byte[] bytes, int count) {
        if (full) {
            return false;
        }
        reserve(count);
        System.arraycopy(bytes, 0, open, length, count);
        length += count;
        while (endSection()) {}
        full = length > limit;
        if (full) {
            open = new byte[0];
            length = 0;
        }
        return !full;
    }

    private void reserve(int count) {
        if (length + count > open.length) {
            open = Arrays.copyOf(open, Math.max(length + count, (int) Math.min(2L * open.length, limit + 64L * 1024)));
        }
    }

    private boolean endSection() {
        int at = find();
        if (at < 0) {
            searched = Math.max(0, length - mark.length + 1);
            return false;
        }
        searched = at;
        int label = at + mark.length;
        int end = label;
        while (end < length && open[end] != '\n') {
            end++;
        }
        if (end == length) {
            return false;
        }
        sections.add(new Section(text(0, at), text(label, end)));
        System.arraycopy(open, end + 1, open, 0, length - end - 1);
        length -= end + 1;
        searched = 0;
        return true;
    }

    private int find() {
        for (int at = searched; at <= length - mark.length; at++) {
            if (open[at] == mark[0] && Arrays.equals(open, at, at + mark.length, mark, 0, mark.length)) {
                return at;
            }
        }
        return -1;
    }

    private String text(int from, int to) {
        return LosslessText.of(Arrays.copyOfRange(open, from, to));
    }

    /** The sections that have ended. */
    List<Section> sections() {
        return sections;
    }

    /** What was printed since the last of them. */
    String rest() {
        return text(0, length);
    }
}
