// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.ServiceEvent;
import dev.zlineage.scheduler.task.Definition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A service on a definition file: its store, its socket, and its eye on the file. */
final class Daemon {

    private static final long LOOK_MILLIS = 1000;

    private final Environment environment;
    private final Path file;
    private final StateOption state;
    private final HostOptions host;
    private final LoginOptions login;
    private final boolean lines;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private String text = "";
    private String seen = "";

    Daemon(Environment environment, Path file, StateOption state, HostOptions host, LoginOptions login, boolean lines) {
        this.environment = environment;
        this.file = file;
        this.state = state;
        this.host = host;
        this.login = login;
        this.lines = lines;
    }

    /** Lets it end, from any thread. */
    void stop() {
        stopped.countDown();
    }

    void run(Duration grace) throws InterruptedException {
        text = TextFile.read(file);
        DefinitionFile read = DefinitionFile.read(text);
        if (!read.mistakes().isEmpty()) {
            throw new InvalidDefinitionException(file, read.mistakes());
        }
        directory();
        try (JdbcTaskStore store = JdbcTaskStore.file(state.store());
                ReplicationService service = ReplicationService.of(read.definition(), runner(read.definition()), store)
                        .listening(this::tell)
                        .start();
                ControlSocket control = ControlSocket.open(state.socket(), new Control(service))) {
            read.notes().forEach(note -> say("note: " + note));
            say("runs " + read.definition().snapshotTasks().size() + " snapshot and "
                    + read.definition().replicationTasks().size() + " replication tasks of " + file + ", listens at "
                    + control.path());
            while (!stopped.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look(service);
            }
            say("stops");
            service.stop(grace);
        }
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
        return DefinitionRunner.of(definition, () -> new DefinitionHosts(environment.hosts(), host, login))
                .withKeySinks(new TaskKeySinks(environment, Optional.empty()))
                .withHooks(HookProgram::of);
    }

    /** A file that is gone is looked at again the next time. */
    private void look(ReplicationService service) throws InterruptedException {
        String now;
        try {
            now = TextFile.read(file);
        } catch (InvalidRequestException e) {
            return;
        }
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(text)) {
            return; // it is taken when two looks in a row find the same: somebody may be writing it
        }
        text = now;
        DefinitionFile read = DefinitionFile.read(now);
        if (read.mistakes().isEmpty()) {
            service.define(read.definition(), runner(read.definition()));
            say("goes on with what " + file + " says now");
        } else {
            read.mistakes().forEach(mistake -> say(CheckCommand.line(file, mistake)));
            say("goes on with what " + file + " said before: it has mistakes now");
        }
    }

    private void tell(ServiceEvent event) {
        if (lines) {
            print(ServiceJson.of(event));
        } else {
            ServiceText.of(event).ifPresent(this::say);
        }
    }

    private void say(String what) {
        if (!lines) {
            print(environment.clock().instant() + " " + what);
        }
    }

    private void print(String line) {
        environment.out().println(line);
        environment.out().flush();
    }
}
