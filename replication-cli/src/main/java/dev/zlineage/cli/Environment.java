// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the command line touches of the world, so that a test can be it.
 *
 * @param out where results go
 * @param err where errors and progress go
 * @param terminal whether a person watches both
 * @param colour whether to use colours
 * @param clock the time of day, for the names of snapshots
 * @param nanoTime a clock that only goes forward, for rates
 * @param hosts opens hosts
 */
record Environment(
        PrintWriter out,
        PrintWriter err,
        boolean terminal,
        boolean colour,
        InstantSource clock,
        LongSupplier nanoTime,
        Hosts hosts) {

    static Environment ofProcess() {
        boolean terminal = terminal(System.console());
        String noColour = System.getenv("NO_COLOR");
        boolean colour = terminal && (noColour == null || noColour.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
        return new Environment(
                writer(System.out),
                writer(System.err),
                terminal,
                colour,
                InstantSource.system(),
                System::nanoTime,
                new LocalHosts());
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Since JDK 22 there can be a console without a terminal, and a method that tells. */
    private static boolean terminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
