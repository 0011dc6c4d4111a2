// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Data that was received and belongs to no snapshot yet. */
final class Staging {

    private static final byte[] GONE = {};

    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private long bytes;
    private int records;

    void write(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        String path = in.readUTF();
        int whole = in.readInt();
        int offset = in.readInt();
        byte[] piece = in.readAllBytes();
        if (offset == 0) {
            files.put(path, new byte[whole]);
            bytes += Block.sizeOnDisk(whole);
        }
        byte[] file = files.get(path);
        if (file == null || offset + piece.length > file.length) {
            throw new IOException("a piece of no file");
        }
        System.arraycopy(piece, 0, file, offset, piece.length);
        records++;
    }

    void free(byte[] payload) throws IOException {
        files.put(new DataInputStream(new ByteArrayInputStream(payload)).readUTF(), GONE);
        records++;
    }

    long bytes() {
        return bytes;
    }

    int records() {
        return records;
    }

    /** As changes of one transaction group. */
    Map<String, Block> blocks(long txg) {
        Map<String, Block> blocks = new LinkedHashMap<>();
        files.forEach((path, file) -> blocks.put(path, file == GONE ? Block.hole(txg) : Block.of(file, txg)));
        return blocks;
    }
}
