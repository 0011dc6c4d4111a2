// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;

/** A program to run. No shell ever sees it: an argument may hold anything but a zero byte. */
public final class CommandLine {

    private static final byte[] NOTHING = {};

    private final List<String> argv;
    private final byte[] input;

    /**
     * A program that reads nothing.
     *
     * @param argv the program and its arguments
     */
    public CommandLine(List<String> argv) {
        this(argv, NOTHING);
    }

    /**
     * A program that reads something; the one way by which a secret may travel.
     *
     * @param argv the program and its arguments
     * @param input what it reads on standard input; not copied, so that its owner can wipe it
     */
    public CommandLine(List<String> argv, byte[] input) {
        this.argv = List.copyOf(argv);
        this.input = input;
    }

    /**
     * The program and its arguments.
     *
     * @return at least the program
     */
    public List<String> argv() {
        return argv;
    }

    /**
     * What it reads on standard input.
     *
     * @return empty for nothing
     */
    public byte[] input() {
        return input;
    }

    /** The arguments alone, since the input may be a secret. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
