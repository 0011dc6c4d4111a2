// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.cli.definition.DefinitionFile;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.it.service.HurriedConcurrency;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.HostsSupplier;
import dev.zlineage.scheduler.JdbcTaskStore;
import dev.zlineage.scheduler.JobKind;
import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.JobRecord;
import dev.zlineage.scheduler.ReplicationService;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour of the service on real OpenZFS, by a clock that runs forty times faster than the real one: snapshots each ten minutes,
 * pushed over SSH, retention on both sides, and a restart in the middle, during which one time passes.
 */
@Tag("lab")
class ServiceInLabTest {

    private static final LabGuest GUEST = LabGuest.shared();
    private static final Instant BEGIN = Instant.parse("2026-05-01T00:01:00Z");
    private static final int TIMES = 40;

    private static final String FILE = """
            timezone: UTC
            transports:
              guest:
                type: ssh
                hostname: 127.0.0.1
                port: %d
                host-key: %s
                private-key: |
            %s
            periodic-snapshot-tasks:
              often:
                dataset: tank/hour
                recursive: true
                lifetime: PT25M
                schedule: {minute: "*/10", hour: "0"}
                zlineage: {missed: all}
            replication-tasks:
              push:
                direction: push
                transport: guest
                source-dataset: tank/hour
                target-dataset: backup/hour
                recursive: true
                periodic-snapshot-tasks: [often]
                properties: false
                readonly: set
                auto: true
                retention-policy: source
            """;

    @TempDir
    private Path folder;

    private final HurriedConcurrency clock = new HurriedConcurrency(Instant.now(), BEGIN, TIMES);

    private static final class Hosts implements HostsSupplier.OpenHosts {

        private final List<Zfs> opened = new ArrayList<>();

        @Override
        public Zfs here() {
            return kept(LocalHost.open(
                    LocalOptions.DEFAULT.withZfsProgram(GUEST.zfsProgram().toString())));
        }

        @Override
        public Zfs there(TaskTransport transport) {
            return kept(SshHost.open(SshEndpoint.of("root", "127.0.0.1")
                    .port(GUEST.sshPort())
                    .privateKey(GUEST.sshKey())
                    .hostKeys(List.of(GUEST.hostKey()))
                    .build()));
        }

        private Zfs kept(Zfs zfs) {
            opened.add(zfs);
            return zfs;
        }

        @Override
        public void close() {
            opened.forEach(Zfs::close);
        }
    }

    /** On a slow machine more than a half of few snapshots may be over at once. */
    private ReplicationService service(DefinitionFile file, JdbcTaskStore store) {
        DefinitionRunner runner =
                DefinitionRunner.of(file.definition(), Hosts::new).with(clock).withMaximumShare(1);
        return ReplicationService.of(file.definition(), runner, store)
                .with(clock)
                .listening(event ->
                        System.out.println(event.at() + " " + event.getClass().getSimpleName()))
                .start();
    }

    private void until(String time) throws InterruptedException {
        clock.sleep(Duration.between(clock.now(), Instant.parse("2026-05-01T" + time + "Z")));
    }

    private static String snapshots(String tree) {
        return GUEST.sh("zfs list -H -p -r -t snapshot -o name,guid \"$1\" | LC_ALL=C sort", tree);
    }

    private static String names(String tree, int... minutes) {
        return Stream.of(tree + "/below", tree)
                .flatMap(dataset -> Arrays.stream(minutes)
                        .mapToObj(minute ->
                                String.format("%s@auto-2026-05-01_%02d-%02d", dataset, minute / 60, minute % 60)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    @DisplayName("an hour with a restart: each time once, sent, and gone on both sides when its time is over")
    void anHour() throws IOException, InterruptedException {
        DefinitionFile file = DefinitionFile.read(String.format(
                FILE,
                GUEST.sshPort(),
                GUEST.hostKey(),
                Files.readString(GUEST.sshKey()).indent(6).stripTrailing()));
        assertThat(file.mistakes()).isEmpty();
        GUEST.sh(
                "zfs create tank/hour; zfs create tank/hour/below; head -c 100000 /dev/urandom > /tank/hour/below/file");

        try (JdbcTaskStore store = JdbcTaskStore.file(folder.resolve("tasks"));
                ReplicationService service = service(file, store)) {
            until("00:30:20"); // the times at half past are under way
            service.stop(Duration.ZERO);
        }
        until("00:43:00"); // twenty to has passed
        List<JobRecord> ended;
        try (JdbcTaskStore store = JdbcTaskStore.file(folder.resolve("tasks"));
                ReplicationService service = service(file, store)) {
            until("00:51:00");
            // nothing is due any more: what was has to come to its end
            while (service.status().stream()
                    .anyMatch(status -> !status.last()
                            .map(last -> last.job().moment())
                            .filter(Instant.parse("2026-05-01T00:50:00Z")::equals)
                            .isPresent())) {
                clock.sleep(Duration.ofSeconds(20));
            }
            service.stop(Duration.ofMinutes(10));
            ended = store.history(Optional.empty(), 100);
        }

        assertThat(ended)
                .allSatisfy(job ->
                        assertThat(job.outcome().ending()).as(job.toString()).isEqualTo(Ending.FINISHED));
        assertThat(ended.stream()
                        .filter(job -> job.job().kind() == JobKind.SNAPSHOTS)
                        .map(job -> job.job().moment().toString()))
                .containsExactly(
                        "2026-05-01T00:50:00Z",
                        "2026-05-01T00:40:00Z",
                        "2026-05-01T00:30:00Z",
                        "2026-05-01T00:20:00Z",
                        "2026-05-01T00:10:00Z");
        String source = snapshots("tank/hour");
        // one more where the last push went on from one whose time was over
        assertThat(source.replaceAll("\t.*", "").replaceAll(".*00-20\n", "")).isEqualTo(names("tank/hour", 30, 40, 50));
        assertThat(snapshots("backup/hour").replace("backup/hour", "tank/hour")).isEqualTo(source);
        assertThat(
                        GUEST.sh(
                                "cmp /tank/hour/below/file /backup/hour/below/file && zfs get -H -o value readonly backup/hour"))
                .isEqualTo("on\n");
        GUEST.sh("zfs destroy -r tank/hour; zfs destroy -r backup/hour");
        System.out.println("an hour: " + ended.size() + " jobs, "
                + ended.stream().filter(job -> job.job().attempts() > 1).count()
                + " of them cut and carried on");
    }
}
