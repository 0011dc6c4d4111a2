// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a stream says of itself before its data, once for each snapshot that it brings.
 *
 * @param toName full name of the snapshot where it was sent
 * @param toGuid its identity
 * @param creation when it was taken
 * @param fromGuid that of the base; 0 for a full stream
 * @param kind what it is a snapshot of
 * @param ofClone whether the base is the origin of the dataset
 * @param changed whether anything was changed since the base, an access time for one
 * @param form how the data travels
 * @param toIvset see {@link FakeSnapshot#ivset()}
 * @param fromIvset that of the base
 * @param volumeSize 0 for a filesystem
 * @param resumeAt how many records of the data the receiver has already; {@link #FROM_START} when it is not resumed
 * @param key what a raw stream of an encrypted dataset takes along
 * @param properties what a stream with properties takes along
 */
record Begin(
        String toName,
        long toGuid,
        long creation,
        long fromGuid,
        DatasetKind kind,
        boolean ofClone,
        boolean changed,
        Form form,
        long toIvset,
        long fromIvset,
        long volumeSize,
        int resumeAt,
        @Nullable RawKey key,
        @Nullable SentProperties properties) {

    /**
     * The flags of a stream.
     *
     * @param large it holds blocks over 128 KiB
     * @param compressed as asked for
     * @param embedded as asked for
     * @param raw as asked for
     */
    record Form(boolean large, boolean compressed, boolean embedded, boolean raw) {

        int bits() {
            return (large ? 1 : 0) | (compressed ? 2 : 0) | (embedded ? 4 : 0) | (raw ? 8 : 0);
        }

        static Form of(int bits) {
            return new Form((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
        }
    }

    /**
     * The encryption of a raw stream.
     *
     * @param cipher the algorithm
     * @param master which key the data is encrypted with
     * @param wrapping the key that opens that key
     */
    record RawKey(String cipher, long master, WrappingKey wrapping) {}

    static final int FROM_START = -1;

    boolean isResumed() {
        return resumeAt != FROM_START;
    }

    boolean isFull() {
        return fromGuid == 0;
    }

    String label() {
        return toName.substring(toName.indexOf('@') + 1);
    }

    /** The rest of it, which has no properties. */
    Begin resumedAt(int records) {
        return new Begin(
                toName,
                toGuid,
                creation,
                fromGuid,
                kind,
                ofClone,
                changed,
                form,
                toIvset,
                fromIvset,
                volumeSize,
                records,
                key,
                null);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(toName);
        out.writeLong(toGuid);
        out.writeLong(creation);
        out.writeLong(fromGuid);
        out.writeBoolean(kind == DatasetKind.VOLUME);
        out.writeBoolean(ofClone);
        out.writeBoolean(changed);
        out.writeByte(form.bits());
        out.writeLong(toIvset);
        out.writeLong(fromIvset);
        out.writeLong(volumeSize);
        out.writeInt(resumeAt);
        out.writeBoolean(key != null);
        if (key != null) {
            out.writeUTF(key.cipher());
            out.writeLong(key.master());
            out.writeUTF(key.wrapping().format());
            byte[] secret = key.wrapping().secret();
            out.writeInt(secret.length);
            out.write(secret);
        }
        out.writeBoolean(properties != null);
        if (properties != null) {
            properties.write(out);
        }
    }

    static Begin read(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        return new Begin(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean() ? DatasetKind.VOLUME : DatasetKind.FILESYSTEM,
                in.readBoolean(),
                in.readBoolean(),
                Form.of(in.readByte()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readBoolean() ? readKey(in) : null,
                in.readBoolean() ? SentProperties.read(in) : null);
    }

    private static RawKey readKey(DataInputStream in) throws IOException {
        String cipher = in.readUTF();
        long master = in.readLong();
        String format = in.readUTF();
        return new RawKey(cipher, master, new WrappingKey(format, "prompt", in.readNBytes(in.readInt())));
    }
}
