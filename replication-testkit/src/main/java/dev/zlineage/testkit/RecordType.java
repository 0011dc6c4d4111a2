// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The records of a stream. Each is its type, the length of its payload, the payload, and a running checksum. */
enum RecordType {
    /** The first of all: the format, and whether a {@link #CLOSE} ends the stream. */
    HELLO('H'),
    /** Starts a snapshot: {@link Begin}. */
    BEGIN('B'),
    /** A piece of a file. */
    WRITE('W'),
    /** A file that is gone. */
    FREE('F'),
    /** Ends a snapshot. */
    END('E'),
    /** Ends a stream of several snapshots. */
    CLOSE('C');

    /** Of type and length. */
    static final int HEADER_BYTES = 5;

    static final int CHECKSUM_BYTES = 4;

    /** More than any payload has. */
    static final int MAX_PAYLOAD = 1 << 20;

    static final String FORMAT = "zlineage fake stream 1";

    private static final Map<Byte, RecordType> BY_CODE =
            Stream.of(values()).collect(Collectors.toMap(RecordType::code, Function.identity()));

    private final byte code;

    RecordType(char code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static @Nullable RecordType of(byte code) {
        return BY_CODE.get(code);
    }
}
