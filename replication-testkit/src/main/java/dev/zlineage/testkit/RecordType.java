// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/** The records of a stream. Each is its type, the length of its payload, the payload, and a running checksum. */
enum RecordType {
    /** The first of all: the format, and whether a {@link #CLOSE} ends the stream. */
    HELLO,
    /** Starts a snapshot: {@link Begin}. */
    BEGIN,
    /** A piece of a file. */
    WRITE,
    /** A file that is gone. */
    FREE,
    /** Ends a snapshot. */
    END,
    /** Ends a stream of several snapshots. */
    CLOSE;

    /** Of type and length. */
    static final int HEADER_BYTES = 5;

    static final int CHECKSUM_BYTES = 4;

    /** More than any payload has. */
    static final int MAX_PAYLOAD = 1 << 20;

    static final String FORMAT = "zlineage fake stream 1";
}
