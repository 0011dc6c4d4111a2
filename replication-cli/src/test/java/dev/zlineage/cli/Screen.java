// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Runs the command line as a process would, and keeps what it prints. */
final class Screen {

    /**
     * What came of it.
     *
     * @param exit the exit code
     * @param out standard output
     * @param err standard error
     */
    record Shown(int exit, String out, String err) {}

    private final Zfs host;
    private final boolean terminal;
    private final List<List<String>> programs = new ArrayList<>();

    Screen(Zfs host) {
        this(host, false);
    }

    Screen(Zfs host, boolean terminal) {
        this.host = host;
        this.terminal = terminal;
    }

    /** How zfs was to be started. */
    List<List<String>> programs() {
        return programs;
    }

    Shown zlineage(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        AtomicLong nanos = new AtomicLong();
        Environment environment = new Environment(
                new PrintWriter(out),
                new PrintWriter(err),
                terminal,
                false,
                InstantSource.fixed(Instant.parse("2026-03-01T12:30:00.125Z")),
                () -> nanos.addAndGet(200_000_000),
                program -> {
                    programs.add(program);
                    return host;
                });
        int exit = Main.execute(environment, args);
        return new Shown(exit, out.toString(), err.toString());
    }
}
