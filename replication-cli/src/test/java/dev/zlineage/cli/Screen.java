// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

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
    private final Function<SshEndpoint, Zfs> others;
    private final boolean terminal;
    private final List<List<String>> programs = new ArrayList<>();
    private final List<SshEndpoint> endpoints = new ArrayList<>();
    private final List<StringWriter> outs = new CopyOnWriteArrayList<>();

    Screen(Zfs host) {
        this(host, false);
    }

    Screen(Zfs host, boolean terminal) {
        this(host, host, terminal);
    }

    /** With another host, which is reached by SSH. */
    Screen(Zfs host, Zfs other, boolean terminal) {
        this(host, endpoint -> other, terminal);
    }

    /** With other hosts, which are opened as they are named. */
    Screen(Zfs host, Function<SshEndpoint, Zfs> others, boolean terminal) {
        this.host = host;
        this.others = others;
        this.terminal = terminal;
    }

    /** How zfs was to be started. */
    List<List<String>> programs() {
        return programs;
    }

    /** Where SSH was to go. */
    List<SshEndpoint> endpoints() {
        return endpoints;
    }

    /** What all commands have printed so far, also those that have not ended. */
    String printed() {
        return String.join("", outs.stream().map(StringWriter::toString).toList());
    }

    Shown zlineage(String... args) {
        StringWriter out = new StringWriter();
        outs.add(out);
        StringWriter err = new StringWriter();
        AtomicLong nanos = new AtomicLong();
        Environment environment = new Environment(
                new PrintWriter(out),
                new PrintWriter(err),
                terminal,
                false,
                InstantSource.fixed(Instant.parse("2026-03-01T12:30:00.125Z")),
                () -> nanos.addAndGet(200_000_000),
                new Hosts() {
                    @Override
                    public Zfs open(List<String> program) {
                        programs.add(program);
                        return host;
                    }

                    @Override
                    public Zfs open(SshEndpoint endpoint) {
                        endpoints.add(endpoint);
                        return others.apply(endpoint);
                    }
                });
        int exit = Main.execute(environment, args);
        return new Shown(exit, out.toString(), err.toString());
    }
}
