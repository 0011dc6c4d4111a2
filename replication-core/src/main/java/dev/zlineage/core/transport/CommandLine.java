// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;

/** A program to run. No shell ever sees it: an argument may hold anything but a zero byte. */
public final class CommandLine {

    private static final byte[] NOTHING = {};

    private final List<String> argv;
    private final byte[] input;
    private final Manner manner;

    /** How a runner treats a command. */
    public enum Manner {
        /** Ended when it takes longer than the runner allows, or when the caller is interrupted. */
        ORDINARY,
        /** Reads a lot: takes as long as it takes. Ended when the caller is interrupted. */
        LONG,
        /**
         * Takes away what a command before it made: run to its end although the caller is interrupted, or was before. Ended when
         * it takes longer than the runner allows.
         */
        TIDYING
    }

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
        this(argv, input, Manner.ORDINARY);
    }

    private CommandLine(List<String> argv, byte[] input, Manner manner) {
        this.argv = List.copyOf(argv);
        this.input = input;
        this.manner = manner;
    }

    /**
     * The same in another manner.
     *
     * @param other how a runner is to treat it
     * @return a changed copy
     */
    public CommandLine in(Manner other) {
        return new CommandLine(argv, input, other);
    }

    /**
     * How a runner treats it.
     *
     * @return {@link Manner#ORDINARY} unless it was said otherwise
     */
    public Manner manner() {
        return manner;
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
