// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a verb of the {@code zfs} program was called with, sorted into options and operands. */
final class Invocation {

    private final String verb;
    private final byte[] input;
    private final Map<Character, List<String>> options = new LinkedHashMap<>();
    private final List<String> operands;

    /**
     * Sorts arguments as getopt does.
     *
     * @param known the letters of the options that are modelled, each with a colon behind it when it takes a value
     */
    Invocation(String verb, List<String> arguments, byte[] input, String known) {
        this.verb = verb;
        this.input = input;
        int at = 0;
        while (at < arguments.size() && isOption(arguments.get(at))) {
            String word = arguments.get(at++);
            if (word.equals("--")) {
                break;
            }
            for (int i = 1; i < word.length(); i++) {
                char letter = word.charAt(i);
                int place = letter == ':' ? -1 : known.indexOf(letter);
                if (place < 0) {
                    throw new NotModelled("the option -" + letter + " of zfs " + verb);
                }
                List<String> values = options.computeIfAbsent(letter, key -> new ArrayList<>());
                if (known.startsWith(":", place + 1)) {
                    if (i + 1 < word.length()) {
                        values.add(word.substring(i + 1));
                    } else if (at < arguments.size()) {
                        values.add(arguments.get(at++));
                    } else {
                        throw new NotModelled("the option -" + letter + " of zfs " + verb + " without a value");
                    }
                    break;
                }
            }
        }
        operands = List.copyOf(arguments.subList(at, arguments.size()));
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.startsWith("-");
    }

    String verb() {
        return verb;
    }

    byte[] input() {
        return input;
    }

    boolean has(char option) {
        return options.containsKey(option);
    }

    /** The value of an option that is given at most once. */
    String value(char option, String otherwise) {
        List<String> values = values(option);
        return values.isEmpty() ? otherwise : values.get(values.size() - 1);
    }

    List<String> values(char option) {
        return options.getOrDefault(option, List.of());
    }

    /** The parts of a value with commas, in their order. */
    List<String> parts(char option, String otherwise) {
        return Arrays.asList(value(option, otherwise).split(","));
    }

    /** Values of the form {@code name=value}. */
    Map<String, String> assignments(char option) {
        return assignments(values(option));
    }

    static Map<String, String> assignments(List<String> words) {
        Map<String, String> assignments = new LinkedHashMap<>();
        for (String word : words) {
            int sign = word.indexOf('=');
            if (sign < 0) {
                throw new NotModelled("'" + word + "', a property without a value");
            }
            assignments.put(word.substring(0, sign), word.substring(sign + 1));
        }
        return assignments;
    }

    /** The output for people is not modelled. */
    void requireScripted() {
        if (!has('H') || !has('p')) {
            throw new NotModelled("zfs " + verb + " without -H and -p");
        }
    }

    List<String> operands() {
        return operands;
    }

    List<String> operandsFrom(int index) {
        return index > operands.size() ? List.of() : operands.subList(index, operands.size());
    }

    String operand(int index) {
        if (index >= operands.size()) {
            throw new NotModelled("zfs " + verb + " with " + operands.size() + " operands");
        }
        return operands.get(index);
    }

    /** The operands, when it is known how many there have to be. */
    void requireOperands(int count) {
        if (operands.size() != count) {
            throw new NotModelled("zfs " + verb + " with " + operands.size() + " operands");
        }
    }

    DatasetName dataset(int index) {
        return DatasetName.of(operand(index));
    }

    List<DatasetName> datasetsFrom(int index) {
        operand(index);
        return operandsFrom(index).stream().map(DatasetName::of).toList();
    }

    SnapshotName snapshot(int index) {
        return snapshot(operand(index));
    }

    List<SnapshotName> snapshotsFrom(int index) {
        operand(index);
        return operandsFrom(index).stream().map(this::snapshot).toList();
    }

    private SnapshotName snapshot(String text) {
        if (PointName.of(text) instanceof SnapshotName name) {
            return name;
        }
        throw new NotModelled("zfs " + verb + " of the bookmark " + text);
    }

    Set<String> valuesAsSet(char option) {
        return new TreeSet<>(values(option));
    }
}
