// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Dataset.ResumeToken;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.TokenContents;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What a resume token says. Its text has the outward form of a real one.
 *
 * @param toName full name of the snapshot where it was sent
 * @param toGuid its identity
 * @param fromGuid that of the base; 0 for a full stream
 * @param form the form of the cut stream, which the rest has to have too
 * @param records how many records of data arrived
 */
record Token(String toName, long toGuid, long fromGuid, Begin.Form form, int records) {

    ResumeToken text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(toName);
            out.writeLong(toGuid);
            out.writeLong(fromGuid);
            out.writeByte(form.bits());
            out.writeInt(records);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        byte[] payload = bytes.toByteArray();
        return new ResumeToken("1-" + Long.toHexString(checksum(payload)) + "-" + Integer.toHexString(payload.length)
                + "-" + HexFormat.of().formatHex(payload));
    }

    static Token parse(ResumeToken token) {
        String[] parts = token.value().split("-", -1);
        try {
            byte[] payload = HexFormat.of().parseHex(parts[3]);
            if (parts.length != 4 || !parts[0].equals("1") || Long.parseLong(parts[1], 16) != checksum(payload)) {
                throw new IllegalArgumentException("checksum");
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
            return new Token(in.readUTF(), in.readLong(), in.readLong(), Begin.Form.of(in.readByte()), in.readInt());
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | IOException e) {
            throw new Refusal(Kind.TOKEN_CORRUPT, "cannot resume send: resume token is corrupt");
        }
    }

    /** Counts a record as a piece of a stream, which it is but for the last of a file. */
    TokenContents contents() {
        return new TokenContents(
                toName,
                new Guid(toGuid),
                fromGuid == 0 ? Optional.empty() : Optional.of(new Guid(fromGuid)),
                (long) records * StreamEncoder.PIECE,
                form.raw());
    }

    private static long checksum(byte[] payload) {
        CRC32 crc = new CRC32();
        crc.update(payload);
        return crc.getValue();
    }
}
