// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds argument lists. Names of datasets and points were checked when they were made; everything else is checked here. */
final class Argv {

    /**
     * How many bytes the arguments of one command line may take where they can be spread over several. A command sent by
     * SSH is a single argument of the remote shell, and Linux allows one argument 128 KiB; so does sudo, which puts the
     * whole line into one variable of the environment.
     */
    static final int MAX_BYTES = 96 * 1024;

    private static final int MAX_SHOWN = 400;

    private final List<String> words;

    private Argv(List<String> words) {
        this.words = words;
    }

    static Argv of(List<String> program, String... arguments) {
        return new Argv(new ArrayList<>(program)).addAll(arguments);
    }

    Argv addAll(String... arguments) {
        for (String argument : arguments) {
            add(argument);
        }
        return this;
    }

    Argv add(String argument) {
        if (argument.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an argument holds a zero byte: " + printable(argument));
        }
        words.add(argument);
        return this;
    }

    Argv addIf(boolean condition, String argument) {
        return condition ? add(argument) : this;
    }

    /** Adds {@code -o name=value} for each, sorted, so that equal commands are equal lines. */
    Argv addOptions(Map<String, String> properties) {
        new TreeMap<>(properties).forEach((name, value) -> add("-o").add(property(name) + "=" + value));
        return this;
    }

    List<String> argv() {
        return List.copyOf(words);
    }

    CommandLine line() {
        return new CommandLine(words);
    }

    /** With something on standard input, of which the line is the owner. */
    CommandLine line(byte[] input) {
        return new CommandLine(words, input);
    }

    /** This line with operands behind it, as often as it takes to keep each short enough. */
    List<CommandLine> spread(Collection<?> operands) {
        int fixed = bytes(words);
        List<CommandLine> lines = new ArrayList<>();
        List<String> line = new ArrayList<>(words);
        int size = fixed;
        for (Object operand : operands) {
            String word = operand.toString();
            int more = bytes(word);
            if (size + more > MAX_BYTES && size > fixed) {
                lines.add(new CommandLine(line));
                line = new ArrayList<>(words);
                size = fixed;
            }
            line.add(word);
            size += more;
        }
        if (size > fixed) {
            lines.add(new CommandLine(line));
        }
        return lines;
    }

    /** A property's name: it must not be taken for an option, for two names or for a name with a value. */
    static String property(String name) {
        if (name.isEmpty() || name.startsWith("-")) {
            throw new IllegalArgumentException("'" + printable(name) + "' is no name of a property");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '=' || c == ',' || c <= ' ' || c >= 0x7f) {
                throw new IllegalArgumentException("'" + printable(name) + "' is no name of a property");
            }
        }
        return name;
    }

    /** A command line for people: short enough, and in one line. */
    static String shown(List<String> argv) {
        StringBuilder text = new StringBuilder();
        for (String word : argv) {
            if (text.length() > 0) {
                text.append(' ');
            }
            boolean token = word.length() > 40 && word.startsWith("1-");
            text.append(token ? word.substring(0, 24) + "..." : printable(word));
            if (text.length() > MAX_SHOWN) {
                text.setLength(MAX_SHOWN);
                return text.append(" ... (")
                        .append(argv.size())
                        .append(" words)")
                        .toString();
            }
        }
        return text.toString();
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? '?' : c).forEach(shown::appendCodePoint);
        return shown.toString();
    }

    static int bytes(String word) {
        // with its terminating zero and the pointer to it
        return word.getBytes(StandardCharsets.UTF_8).length + 9;
    }

    private static int bytes(List<String> words) {
        return words.stream().mapToInt(Argv::bytes).sum();
    }
}
