// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Finds the records in the bytes of a stream, however they arrive. */
final class StreamDecoder {

    /** Takes the records. */
    interface Sink {
        void record(RecordType type, byte[] payload) throws IOException;
    }

    private final Sink sink;
    private final CRC32 checksum = new CRC32();
    private byte[] pending = new byte[64 * 1024];
    private int size;

    StreamDecoder(Sink sink) {
        this.sink = sink;
    }

    /**
     * Takes more of the stream.
     *
     * @throws IOException if it is damaged
     */
    void feed(byte[] from, int off, int len) throws IOException {
        if (size + len > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(pending.length * 2, size + len));
        }
        System.arraycopy(from, off, pending, size, len);
        size += len;
        int at = 0;
        while (size - at >= RecordType.HEADER_BYTES) {
            int length = ByteBuffer.wrap(pending, at + 1, 4).getInt();
            RecordType type = RecordType.of(pending[at]);
            if (type == null || length < 0 || length > RecordType.MAX_PAYLOAD) {
                throw new IOException("no record of a stream");
            }
            int whole = RecordType.HEADER_BYTES + length + RecordType.CHECKSUM_BYTES;
            if (size - at < whole) {
                break;
            }
            if (type == RecordType.BEGIN || type == RecordType.CLOSE) {
                checksum.reset();
            }
            checksum.update(pending, at, RecordType.HEADER_BYTES + length);
            int wanted = ByteBuffer.wrap(pending, at + RecordType.HEADER_BYTES + length, 4)
                    .getInt();
            if (wanted != (int) checksum.getValue()) {
                throw new IOException("checksum mismatch");
            }
            int start = at + RecordType.HEADER_BYTES;
            byte[] payload = Arrays.copyOfRange(pending, start, start + length);
            at += whole;
            sink.record(type, payload);
        }
        System.arraycopy(pending, at, pending, 0, size - at);
        size -= at;
    }

    boolean isBetweenRecords() {
        return size == 0;
    }
}
