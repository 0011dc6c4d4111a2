// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.cli.definition.Mistake;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.metrics.ReplicationMetrics;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.tick.TargetLocks;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A service on a definition file: its store, its socket, and its eye on the file. */
final class Daemon {

    private static final long LOOK_MILLIS = 1000;

    /** What it is told from outside. */
    private enum Word {
        RELOAD,
        STOP
    }

    private final Environment environment;
    private final Path file;
    private final StateOption state;
    private final HostOptions host;
    private final LoginOptions login;
    private final double share;
    private final boolean lines;
    private ObservationStore memory = ObservationStore.NONE;
    private final Optional<InetSocketAddress> metrics;
    private final Optional<TargetLocks> locks;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReplicationMetrics meters = ReplicationMetrics.in(registry);
    private final Printer printer;
    private final BlockingQueue<Word> words = new LinkedBlockingQueue<>();
    private String text = "";
    private String seen = "";
    private String refused = "";

    Daemon(
            Environment environment,
            Path file,
            StateOption state,
            HostOptions host,
            LoginOptions login,
            double share,
            boolean lines,
            Optional<InetSocketAddress> metrics,
            Optional<TargetLocks> locks) {
        this.environment = environment;
        this.file = file;
        this.state = state;
        this.host = host;
        this.login = login;
        this.share = share;
        this.lines = lines;
        this.metrics = metrics;
        this.locks = locks;
        this.printer = new Printer(
                environment.out(),
                lines
                        ? lost -> "{\"v\": 1, \"event\": \"lost\", \"lines\": " + lost + "}"
                        : lost -> lost + " lines were not printed: nobody read them in time");
    }

    /** Lets it end, from any thread. */
    void stop() {
        words.add(Word.STOP);
    }

    /** Lets it read its file, changed or not; from any thread. */
    void reload() {
        words.add(Word.RELOAD);
    }

    void run(Duration grace) throws InterruptedException {
        try (printer) {
            serve(grace);
        }
    }

    private void serve(Duration grace) throws InterruptedException {
        text = TextFile.read(file);
        DefinitionFile read = DefinitionFile.read(text);
        if (!read.mistakes().isEmpty()) {
            throw new InvalidDefinitionException(file, read.mistakes());
        }
        directory();
        memory = MemoryOption.open("--state", state.memory());
        try (JdbcTaskStore store = JdbcTaskStore.file(state.store());
                ReplicationService service = ReplicationService.of(read.definition(), runner(read.definition()), store)
                        .listening(this::tell);
                Listening listening =
                        new Listening(metrics.map(address -> MetricsServer.open(address, registry, service)))) {
            service.start(); // after what may find its port in use
            meters.begin(service.status());
            listening.server().ifPresent(server -> say("tells /metrics and /health at " + server.address()));
            try (ControlSocket control = ControlSocket.open(state.socket(), new Control(service))) {
                read.notes().forEach(note -> say("note: " + note));
                say("runs " + read.definition().snapshotTasks().size() + " snapshot and "
                        + read.definition().replicationTasks().size() + " replication tasks of " + file
                        + ", listens at " + control.path());
                serve(service, grace);
            }
        }
    }

    private void serve(ReplicationService service, Duration grace) throws InterruptedException {
        Word word = words.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        while (word != Word.STOP && !service.hasEnded()) {
            look(service, word == Word.RELOAD);
            word = words.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        say("stops");
        if (service.hasEnded()) {
            throw new DaemonRefusedException(
                    "the service has ended by itself; the next daemon carries on what was not done");
        }
        service.stop(grace);
    }

    /** Where it is not there, for its user alone. */
    private void directory() {
        Path directory = state.directory().toAbsolutePath();
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory.getParent() == null ? directory : directory.getParent());
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new InvalidRequestException(List.of(new InvalidRequestException.Problem(
                    "--state", "'" + state.directory() + "' can't be made: " + e.getMessage())));
        }
    }

    private DefinitionRunner runner(Definition definition) {
        DefinitionRunner free = DefinitionRunner.of(
                        definition, () -> new DefinitionHosts(environment.hosts(), host, login))
                .withKeySinks(new TaskKeySinks(environment, Optional.empty()))
                .remembering(memory)
                .withMaximumShare(share)
                .withHooks(HookProgram::of);
        return locks.map(free::locking).orElse(free);
    }

    /** A server, if there is one. */
    private record Listening(Optional<MetricsServer> server) implements AutoCloseable {

        @Override
        public void close() {
            server.ifPresent(MetricsServer::close);
        }
    }

    /** A file that is gone is looked at again the next time. */
    private void look(ReplicationService service, boolean asked) throws InterruptedException {
        String now;
        try {
            now = TextFile.read(file);
        } catch (InvalidRequestException e) {
            if (asked) {
                refuse("goes on with what it has: " + e.getMessage(), List.of());
            }
            return;
        }
        if (asked) {
            take(service, now);
            return;
        }
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(text)) {
            return; // it is taken when two looks in a row find the same: somebody may be writing it
        }
        take(service, now);
    }

    private void take(ReplicationService service, String now) throws InterruptedException {
        text = now;
        seen = now;
        DefinitionFile read = DefinitionFile.read(now);
        if (!read.mistakes().isEmpty()) {
            read.mistakes().forEach(mistake -> say(CheckCommand.line(file, mistake)));
            refuse("goes on with what " + file + " said before: it has mistakes now", read.mistakes());
            return;
        }
        try {
            service.define(read.definition(), runner(read.definition()));
            refused = "";
            say("goes on with what " + file + " says now");
        } catch (RuntimeException e) {
            text = ""; // so that the next look tries again
            String reason = "goes on with what it has, and tries again: " + e.getMessage();
            if (!reason.equals(refused)) {
                refuse(reason, List.of());
            }
        }
    }

    private void refuse(String reason, List<Mistake> mistakes) {
        refused = reason;
        if (lines) {
            printer.line(ServiceJson.refused(environment.clock().instant(), reason, mistakes));
        } else {
            say(reason);
        }
    }

    private void tell(ServiceEvent event) {
        meters.on(event);
        if (lines) {
            printer.line(ServiceJson.of(event));
        } else {
            ServiceText.of(event).ifPresent(this::say);
        }
    }

    private void say(String what) {
        if (!lines) {
            printer.line(environment.clock().instant() + " " + what);
        }
    }
}
