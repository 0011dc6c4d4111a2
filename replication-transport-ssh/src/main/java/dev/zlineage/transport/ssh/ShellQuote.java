// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes arguments as words that mean the same to every shell.
 *
 * <p>No kind of quotes is understood by all login shells: a C shell ends a quoted text at a line feed and looks for history
 * in it, fish knows other escapes than sh. So nothing is quoted. What is not a letter, a digit or one of a few signs that no
 * shell cares for is written as {@code %} and three octal digits; {@link RemoteScript} turns it back on the other side,
 * where sh is known to run. An argument without a character is a {@code %} alone.
 */
final class ShellQuote {

    private static final String PLAIN = "_-./:@,+=";

    private ShellQuote() {}

    /**
     * The words, parted by spaces.
     *
     * @param argv a program and its arguments
     * @return only printable ASCII
     * @throws IllegalArgumentException for what can't be an argument at all, or a program whose name is an option
     */
    static String words(List<String> argv) {
        if (argv.isEmpty() || argv.get(0).isBlank() || argv.get(0).startsWith("-")) {
            throw new IllegalArgumentException("no program is named by " + argv);
        }
        StringBuilder words = new StringBuilder();
        for (String argument : argv) {
            if (words.length() > 0) {
                words.append(' ');
            }
            append(argument, words);
        }
        return words.toString();
    }

    private static void append(String argument, StringBuilder words) {
        if (argument.isEmpty()) {
            words.append('%');
            return;
        }
        int start = words.length();
        ByteBuffer bytes = utf8(argument);
        while (bytes.hasRemaining()) {
            int b = bytes.get() & 0xff;
            if (b == 0) {
                throw new IllegalArgumentException("an argument holds a zero byte, which no program can be given");
            }
            // zsh takes a word that begins with an equals sign for the name of a program to look up
            if (isPlain(b) && (b != '=' || words.length() > start)) {
                words.append((char) b);
            } else {
                words.append('%').append((char) ('0' + (b >> 6)));
                words.append((char) ('0' + (b >> 3 & 7))).append((char) ('0' + (b & 7)));
            }
        }
    }

    private static boolean isPlain(int b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || PLAIN.indexOf(b) >= 0;
    }

    private static ByteBuffer utf8(String argument) {
        try {
            return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(argument));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("an argument holds half a character, which has no bytes", e);
        }
    }
}
