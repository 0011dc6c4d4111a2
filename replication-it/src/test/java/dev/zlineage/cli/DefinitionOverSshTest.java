// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A definition file from end to end: the command line on one side, a fake NAS behind a real SSH server on the other. */
@Timeout(120)
class DefinitionOverSshTest {

    private static final String FILE = """
            timezone: Europe/Berlin
            transports:
              nas:
                type: ssh
                hostname: %s
                port: %d
                username: %s
                sudo: true
                host-key: %s
                private-key: |
            %s
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/data
                recursive: true
                exclude: [tank/data/tmp]
                lifetime: PT1H
                schedule: {}
            replication-tasks:
              beside:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                exclude: [tank/data/tmp]
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: custom
                lifetime: P1D
              push:
                direction: push
                transport: nas
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                exclude: [tank/data/tmp]
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: source
              pull:
                direction: pull
                transport: nas
                source-dataset: [tank/mail, tank/web]
                target-dataset: backup/theirs
                naming-schema: auto-%%Y-%%m-%%d_%%H-%%M
                properties: false
                auto: true
                schedule: {minute: "*/30"}
                retention-policy: none
            """;

    @TempDir
    private Path folder;

    private final FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
    private final FakeZfs far = FakeZfs.builder().host("far").seed(2).build();

    private record Shown(int exit, String text) {}

    @BeforeEach
    void datasets() {
        create(here, "tank/data", "tank/data/a", "tank/data/tmp");
        create(far, "tank/mail", "tank/web");
        snapshot(far, "tank/mail", "auto-2026-03-28_00-00");
        snapshot(far, "tank/web", "auto-2026-03-28_00-00");
        snapshot(far, "tank/web", "by-hand");
    }

    private static void create(FakeZfs zfs, String... names) {
        for (String name : names) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
            write(zfs, name, "first");
        }
    }

    private static void write(FakeZfs zfs, String dataset, String text) {
        zfs.write(DatasetName.of(dataset), "file", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void snapshot(FakeZfs zfs, String dataset, String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of(dataset).snapshot(label)), Scope.SELF, Map.of()))
                .orThrow();
    }

    private static List<String> labels(FakeZfs zfs, String dataset) {
        DatasetName name = DatasetName.of(dataset);
        return zfs
                .execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY)
                .snapshots()
                .stream()
                .map(Snapshot::label)
                .toList();
    }

    private Path definition(FakeNas nas) throws IOException {
        String hostKey = Files.readString(nas.knownHosts()).strip().replaceFirst("^\\S+ ", "");
        String key = Files.readString(nas.privateKey()).indent(6);
        return Files.writeString(
                folder.resolve("definition.yaml"),
                String.format(FILE, nas.host(), nas.port(), nas.user(), hostKey, key.stripTrailing()));
    }

    private Shown zlineage(String... args) {
        StringWriter text = new StringWriter();
        Environment environment = new Environment(
                new PrintWriter(text),
                new PrintWriter(text),
                false,
                false,
                InstantSource.system(),
                System::nanoTime,
                program -> here);
        int exit = Main.execute(environment, args);
        return new Shown(exit, text.toString());
    }

    @Test
    void twoTicksAndAPreview() throws IOException {
        try (FakeNas nas = FakeNas.start(far)) {
            String file = definition(nas).toString();

            Shown first = zlineage("run", file, "--once", "--now", "2026-03-29T01:00");
            write(here, "tank/data/a", "second");
            Shown plan = zlineage("plan", file, "--task", "push");
            Shown second = zlineage("run", file, "--once", "--now", "2026-03-29T03:00");

            assertThat(first.exit()).as(first.text()).isZero();
            assertThat(plan.exit()).as(plan.text()).isZero();
            assertThat(plan.text()).contains("up to date, both have @auto-2026-03-29_01-00");
            assertThat(second.exit()).as(second.text()).isZero();
        }
        // an hour by the clock that was put forward: the first one is over
        assertThat(labels(here, "tank/data/a")).containsExactly("auto-2026-03-29_03-00");
        assertThat(labels(here, "tank/data/tmp")).isEmpty();
        assertThat(labels(here, "backup/data/a")).containsExactly("auto-2026-03-29_01-00", "auto-2026-03-29_03-00");
        assertThat(labels(far, "backup/data/a")).containsExactly("auto-2026-03-29_03-00");
        assertThat(far.contents(DatasetName.of("backup/data/a"))).containsEntry("file", "second");
        assertThat(labels(here, "backup/theirs/mail")).containsExactly("auto-2026-03-28_00-00");
        assertThat(labels(here, "backup/theirs/web")).containsExactly("auto-2026-03-28_00-00");
    }

    /** The local copy is made all the same, and what the far one goes on from stays. */
    @Test
    void theNasIsAway() throws IOException {
        String file;
        try (FakeNas nas = FakeNas.start(far)) {
            file = definition(nas).toString();
            assertThat(zlineage("run", file, "--once", "--now", "2026-03-29T01:00")
                            .exit())
                    .isZero();
        }

        Shown away = zlineage("run", file, "--once", "--now", "2026-03-29T04:00", "--json");

        assertThat(away.exit()).as(away.text()).isEqualTo(ExitCode.PARTLY_FAILED);
        assertThat(away.text())
                .contains("\"verdict\": \"partly-failed\"", "host-unreachable", "other-side-unknown")
                .doesNotContain("PRIVATE KEY");
        assertThat(labels(here, "backup/data")).containsExactly("auto-2026-03-29_01-00", "auto-2026-03-29_04-00");
        assertThat(labels(here, "tank/data")).containsExactly("auto-2026-03-29_01-00", "auto-2026-03-29_04-00");
    }
}
