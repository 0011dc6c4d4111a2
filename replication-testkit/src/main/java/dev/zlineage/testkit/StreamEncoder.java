// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Turns what is to be sent into bytes, record by record, as they are read. Its input is immutable: it needs no lock. */
final class StreamEncoder extends InputStream {

    static final int PIECE = 16 * 1024;

    private interface Payload {
        void write(DataOutputStream out) throws IOException;
    }

    private final Iterator<Substream> substreams;
    private final boolean compound;
    private final CRC32 checksum = new CRC32();
    private byte[] buffer = {};
    private int position;
    private boolean started;
    private boolean closed;
    private @Nullable Iterator<Map.Entry<String, Block>> blocks;
    private Map.@Nullable Entry<String, Block> current;
    private int offset;
    private int toSkip;

    StreamEncoder(List<Substream> substreams, boolean compound) {
        this.substreams = substreams.iterator();
        this.compound = compound;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        while (position == buffer.length) {
            if (!fill()) {
                return -1;
            }
        }
        int n = Math.min(len, buffer.length - position);
        System.arraycopy(buffer, position, to, off, n);
        position += n;
        return n;
    }

    private boolean fill() throws IOException {
        if (!started) {
            started = true;
            record(RecordType.HELLO, out -> {
                out.writeUTF(RecordType.FORMAT);
                out.writeBoolean(compound);
            });
            return true;
        }
        if (blocks != null) {
            return data(blocks);
        }
        if (substreams.hasNext()) {
            Substream next = substreams.next();
            blocks = next.contents().since(next.since()).entrySet().iterator();
            toSkip = Math.max(0, next.begin().resumeAt());
            record(RecordType.BEGIN, next.begin()::write);
            return true;
        }
        if (compound && !closed) {
            closed = true;
            record(RecordType.CLOSE, out -> {});
            return true;
        }
        return false;
    }

    /** The next record of data, or the end of the snapshot. */
    private boolean data(Iterator<Map.Entry<String, Block>> from) throws IOException {
        if (current == null) {
            if (!from.hasNext()) {
                blocks = null;
                record(RecordType.END, out -> {});
                return true;
            }
            current = from.next();
            offset = 0;
        }
        String path = current.getKey();
        Block block = current.getValue();
        int start = offset;
        int length = Math.min(PIECE, block.bytes().length - start);
        offset += length;
        if (offset == block.bytes().length) {
            current = null;
        }
        if (toSkip > 0) {
            toSkip--;
            return true;
        }
        if (block.isHole()) {
            record(RecordType.FREE, out -> out.writeUTF(path));
        } else {
            record(RecordType.WRITE, out -> {
                out.writeUTF(path);
                out.writeInt(block.bytes().length);
                out.writeInt(start);
                out.write(block.bytes(), start, length);
            });
        }
        return true;
    }

    private void record(RecordType type, Payload payload) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        payload.write(new DataOutputStream(body));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(whole);
        out.writeByte(type.code());
        out.writeInt(body.size());
        body.writeTo(out);
        if (type == RecordType.BEGIN || type == RecordType.CLOSE) {
            checksum.reset();
        }
        checksum.update(whole.toByteArray());
        out.writeInt((int) checksum.getValue());
        buffer = whole.toByteArray();
        position = 0;
    }
}
