// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.lab.OpenZfsLab;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A definition file on real OpenZFS: the command line here, its zfs in the guest, and the guest's sshd as the other side. */
@Tag("lab")
class DefinitionInLabTest {

    private static final OpenZfsLab GUEST = OpenZfsLab.shared();

    private static final String FILE = """
            timezone: Europe/Berlin
            transports:
              guest:
                type: ssh
                hostname: 127.0.0.1
                port: %d
                host-key: %s
                private-key: |
            %s
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/def
                recursive: true
                exclude: [tank/def/t*p]
                allow-empty: false
                lifetime: PT1H
                schedule: {}
                zlineage:
                  properties: {"org.example:why": each hour}
            replication-tasks:
              beside:
                direction: push
                transport: {type: local}
                source-dataset: tank/def
                target-dataset: backup/def/beside
                recursive: true
                exclude: [tank/def/t*p]
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: none
              push:
                direction: push
                transport: guest
                source-dataset: tank/def
                target-dataset: backup/def/pushed
                recursive: true
                exclude: [tank/def/t*p]
                periodic-snapshot-tasks: [hourly]
                properties: false
                compression: lz4
                readonly: set
                zlineage: {parallel: 2, stall: PT5M}
                auto: true
                retention-policy: source
              pull:
                direction: pull
                transport: guest
                source-dataset: tank/def/tmp
                target-dataset: backup/def/pulled
                name-regex: by-hand.*
                properties: false
                mount: false
                auto: true
                schedule: {}
                retention-policy: source
            """;

    @TempDir
    private Path folder;

    private record Shown(int exit, String text) {}

    private Shown zlineage(String... args) {
        StringWriter text = new StringWriter();
        Environment environment = new Environment(
                new PrintWriter(text),
                new PrintWriter(text),
                false,
                false,
                InstantSource.system(),
                System::nanoTime,
                new LocalHosts());
        int exit = Main.execute(environment, args);
        return new Shown(exit, text.toString());
    }

    private Shown tick(String time) {
        return zlineage(
                "run",
                folder.resolve("definition.yaml").toString(),
                "--once",
                "--now",
                time,
                "--zfs",
                GUEST.zfsProgram().toString(),
                "--maximum-share",
                "1");
    }

    private Shown restored(String task, String target) {
        return zlineage(
                "restore",
                folder.resolve("definition.yaml").toString(),
                "--task",
                task,
                "--target",
                target,
                "--run",
                "--zfs",
                GUEST.zfsProgram().toString());
    }

    private static String snapshots(String tree) {
        return GUEST.sh("zfs list -H -r -t snapshot -o name \"$1\" | LC_ALL=C sort", tree);
    }

    @Test
    @DisplayName(
            "two ticks: snapshots in one transaction group, push beside and over SSH, pull, and retention on both sides")
    void twoTicks() throws IOException {
        Files.writeString(
                folder.resolve("definition.yaml"),
                String.format(
                        FILE,
                        GUEST.sshPort(),
                        GUEST.hostKey(),
                        Files.readString(GUEST.sshKey()).indent(6).stripTrailing()));
        GUEST.sh("""
                zfs create tank/def; zfs create tank/def/a; zfs create tank/def/quiet; zfs create tank/def/tmp
                for d in /tank/def /tank/def/a /tank/def/quiet /tank/def/tmp; do head -c 100000 /dev/urandom > $d/file; done
                zfs snapshot tank/def/tmp@by-hand; zfs snapshot tank/def/tmp@other; zfs create backup/def
                """);

        Shown first = tick("2026-03-29T01:00");

        assertThat(first.exit()).as(first.text()).isZero();
        assertThat(GUEST.sh(
                                "zfs list -H -p -r -t snapshot -o name,createtxg tank/def | grep auto- | cut -f 2 | sort -u | wc -l")
                        .strip())
                .as("transaction groups")
                .isEqualTo("1");
        assertThat(snapshots("tank/def/tmp")).isEqualTo("tank/def/tmp@by-hand\ntank/def/tmp@other\n");
        assertThat(snapshots("backup/def/pulled")).isEqualTo("backup/def/pulled@by-hand\n");
        assertThat(GUEST.sh(
                        "zfs list -H -o mounted,readonly backup/def/beside/a backup/def/pulled backup/def/pushed/a"))
                .isEqualTo("yes\toff\nno\toff\nyes\ton\n");

        assertThat(GUEST.sh("zfs get -H -r -t snapshot -s local -o value org.example:why tank/def"))
                .isEqualTo("each hour\n".repeat(3));

        GUEST.sh(
                "echo changed > /tank/def/a/file; zfs destroy tank/def/tmp@by-hand; zfs snapshot tank/def/tmp@by-hand-2");
        Shown second = tick("2026-03-29T03:00");

        assertThat(second.exit()).as(second.text()).isZero();
        assertThat(snapshots("tank/def")).isEqualTo("""
                        tank/def/a@auto-2026-03-29_03-00
                        tank/def/quiet@auto-2026-03-29_01-00
                        tank/def/tmp@by-hand-2
                        tank/def/tmp@other
                        tank/def@auto-2026-03-29_03-00
                        """);
        assertThat(snapshots("backup/def/pushed"))
                .isEqualTo(snapshots("tank/def")
                        .replaceAll("(?m)^tank/def/tmp.*\n", "")
                        .replace("tank/def", "backup/def/pushed"));
        assertThat(snapshots("backup/def/beside/a"))
                .isEqualTo("backup/def/beside/a@auto-2026-03-29_01-00\nbackup/def/beside/a@auto-2026-03-29_03-00\n");
        assertThat(snapshots("backup/def/pulled")).isEqualTo("backup/def/pulled@by-hand-2\n");
        assertThat(GUEST.sh("cat /backup/def/beside/a/file /backup/def/pushed/a/file"))
                .isEqualTo("changed\nchanged\n");

        Shown back = restored("push", "tank/def-back");
        assertThat(back.exit()).as(back.text()).isZero();
        assertThat(GUEST.sh("cat /tank/def-back/a/file; zfs list -H -o readonly tank/def-back/a"))
                .isEqualTo("changed\noff\n");

        Shown again = tick("2026-03-29T03:00");
        assertThat(again.text()).contains("exists, and was not taken in this tick");
        assertThat(again.exit()).isEqualTo(ExitCode.PARTLY_FAILED);
    }
}
