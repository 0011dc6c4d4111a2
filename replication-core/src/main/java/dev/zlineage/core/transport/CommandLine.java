// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;

/**
 * A program to run. No shell ever sees it: an argument may hold anything but a zero byte.
 *
 * @param argv the program and its arguments
 * @param input what it reads on standard input; empty for nothing. The one way by which a secret may travel
 */
public record CommandLine(List<String> argv, byte[] input) {

    private static final byte[] NOTHING = {};

    /**
     * Copies the arguments.
     */
    public CommandLine {
        argv = List.copyOf(argv);
    }

    /**
     * A program that reads nothing.
     *
     * @param argv the program and its arguments
     */
    public CommandLine(List<String> argv) {
        this(argv, NOTHING);
    }

    /** The arguments alone, since the input may be a secret. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
