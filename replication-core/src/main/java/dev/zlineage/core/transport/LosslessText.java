// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns what a program prints into a text, without losing a byte: names of files may hold any. For those who implement a
 * {@link CommandRunner}.
 */
public final class LosslessText {

    private LosslessText() {}

    /**
     * Reads UTF-8. A byte that is not of valid UTF-8 becomes the lone surrogate {@code U+DC00} + byte, which valid UTF-8 never
     * gives.
     *
     * @param bytes what was printed
     * @return the text
     */
    public static String of(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (0xdc00 | in.get() & 0xff));
            }
            decoder.reset();
            result = decoder.decode(in, out, true);
        }
        return out.flip().toString();
    }
}
