// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definition files on the command line. */
class DefinitionRunTest {

    private static final String FILE = """
            timezone: Europe/Berlin
            transports:
              nas:
                type: ssh+netcat
                active-side: remote
                hostname: nas2
                port: 2222
                username: backup
                sudo: true
                connect-timeout: 7
                private-key: |
                  -----BEGIN OPENSSH PRIVATE KEY-----
                  c2VzYW1l
                  -----END OPENSSH PRIVATE KEY-----
                host-key: ssh-ed25519 AAAA
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/data
                recursive: true
                lifetime: PT2H
                schedule: {}
            replication-tasks:
              copy:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: source
              far:
                direction: push
                transport: nas
                source-dataset: tank/data
                target-dataset: backup/far
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: none
            """;

    @TempDir
    private Path folder;

    private final FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
    private final FakeZfs there = FakeZfs.builder().host("there").seed(2).build();
    private final Screen screen = new Screen(here, there, false);

    @BeforeEach
    void tree() {
        for (String name : List.of("tank/data", "tank/data/a")) {
            here.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
            here.write(DatasetName.of(name), "file", name.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Screen.Shown zlineage(String command, String text, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("definition.yaml"), text);
        return screen.zlineage(Stream.of(new String[] {command, file.toString()}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
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

    @Test
    void tickAfterTick() throws IOException {
        Screen.Shown first = zlineage("run", FILE, "--once", "--now", "2026-03-29T01:00");
        Screen.Shown second = zlineage("run", FILE, "--once", "--now", "2026-03-29T03:00");
        Screen.Shown between = zlineage("run", FILE, "--once", "--now", "2026-03-29T03:01");

        assertThat(first.exit()).as("%s", first).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(second.exit()).as("%s", second).isZero();
        assertThat(second.out())
                .contains("snapshot task hourly: tank/data@auto-2026-03-29_03-00 taken of 2 datasets")
                .contains("task copy\nplan: tank/data -> backup/data")
                .contains("replication task copy: tank/data -> backup/data\n  result: 2 replicated (2 snapshots")
                .contains("retention on this host: 0 snapshots destroyed")
                .contains("warning: transports.nas.type: there is no direct channel");
        assertThat(labels(here, "backup/data/a")).containsExactly("auto-2026-03-29_01-00", "auto-2026-03-29_03-00");
        assertThat(labels(there, "backup/far")).containsExactly("auto-2026-03-29_01-00", "auto-2026-03-29_03-00");
        assertThat(zlineage("run", FILE, "--once", "--now", "2026-03-29T03:01", "--quiet"))
                .isEqualTo(new Screen.Shown(0, "", ""));
        assertThat(between.out()).isEqualTo("nothing is due at 2026-03-29T03:01+02:00[Europe/Berlin]\n");
        assertThat(between.exit()).isZero();
    }

    @Test
    void theHostIsReachedAsTheTransportSays() throws IOException {
        Screen.Shown shown = zlineage("run", FILE, "--task", "far", "--remote-zfs", "/sbin/zfs");

        assertThat(screen.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint).hasToString("backup@nas2:2222");
            assertThat(endpoint.zfs()).containsExactly("sudo", "-n", "/sbin/zfs");
            assertThat(endpoint.connectTimeout()).hasSeconds(7);
            assertThat(endpoint.hostKeys()).isEqualTo(new SshEndpoint.HostKeys.Inline(List.of("ssh-ed25519 AAAA")));
            assertThat(endpoint.identities()).singleElement().isInstanceOf(SshEndpoint.Identity.InlineKey.class);
        });
        assertThat(shown.out() + shown.err()).doesNotContain("c2VzYW1l");
    }

    @Test
    void aKeyCanBeAFileAndRootNeedsNoSudo() throws IOException {
        String file = FILE.replaceAll("(?s)private-key: \\|.*?-----END[^\n]*\n", "private-key: /etc/zl/id\n")
                .replace("username: backup", "username: root");
        zlineage("plan", file, "--task", "far");

        assertThat(screen.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.identities()).extracting(Object::toString).containsExactly("/etc/zl/id");
            assertThat(endpoint.zfs()).containsExactly("zfs");
        });
    }

    @Test
    void aProgramForStreamsIsNotedAndTheTaskRunsWithout() throws IOException {
        String file = FILE.replace("type: ssh+netcat\n    active-side: remote", "type: ssh")
                .replace("target-dataset: backup/far", "target-dataset: backup/far\n    compression: pigz");
        Screen.Shown plan = zlineage("plan", file);
        Screen.Shown run = zlineage("run", file, "--quiet");

        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(labels(there, "backup/far")).hasSize(1);
        for (Screen.Shown shown : List.of(plan, run, zlineage("check", file))) {
            assertThat(shown.out())
                    .contains("replication-tasks.far.compression: streams are not passed through a program");
        }
    }

    @Test
    void oneTaskByHand() throws IOException {
        Screen.Shown shown = zlineage("run", FILE, "--task", "hourly", "--now", "2026-01-01T10:17+01:00", "--quiet");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(labels(here, "backup/data")).containsExactly("auto-2026-01-01_10-17");
        assertThat(shown.out()).doesNotContain("plan:").contains("replication task far");
        assertThat(zlineage("run", FILE, "--task", "none"))
                .isEqualTo(new Screen.Shown(
                        2,
                        "",
                        "zlineage: --task: there is no task 'none'; there are hourly, copy, far\n"
                                + "Try 'zlineage help run'.\n"));
    }

    @Test
    void aPlanOfAllTasksChangesNothing() throws IOException {
        Screen.Shown plan = zlineage(
                "plan",
                FILE.replace(
                        "properties: false\n    auto: true\n    retention-policy: none",
                        "speed-limit: 1000\n    auto: true\n    retention-policy: none"));
        Screen.Shown dry = zlineage("run", FILE, "--dry-run");

        assertThat(plan.exit()).as("%s", plan).isEqualTo(ExitCode.REFUSED);
        assertThat(plan.out())
                .contains("snapshot task hourly: tank/data@auto-2026-03-01_13-30 will be taken")
                .contains("replication task copy: tank/data -> backup/data\n  plan: ")
                .contains("replication task far: REFUSED\n  replication-tasks.far.speed-limit: '1000': ");
        assertThat(dry.out()).contains("will be taken");
        assertThat(labels(here, "tank/data")).isEmpty();
    }

    @Test
    void whatRunsAfterATaskThatFailedIsNotRun() throws IOException {
        String chain = FILE + "    zlineage: {after: copy}\n";
        Screen.Shown good = zlineage("run", chain, "--once", "--now", "2026-03-29T01:00", "--quiet");
        assertThat(good.exit()).as("%s", good).isZero();
        assertThat(labels(there, "backup/far")).hasSize(1);

        Screen.Shown bad = zlineage(
                "run",
                chain.replace(
                                "source-dataset: tank/data\n    target-dataset: backup/data",
                                "source-dataset: tank/gone\n    target-dataset: backup/data")
                        .replace(
                                "[hourly]\n    properties: false\n    auto: true\n    retention-policy: source",
                                "[]\n    also-include-naming-schema: auto-%Y-%m-%d_%H-%M\n    properties: false\n    retention-policy: source"),
                "--now",
                "2026-03-29T03:00");
        assertThat(bad.exit()).as("%s", bad).isEqualTo(ExitCode.PARTLY_FAILED);
        assertThat(bad.out())
                .contains(
                        "replication task far: REFUSED\n  replication-tasks.far.zlineage.after: 'copy': it did not end well");
        assertThat(labels(there, "backup/far")).hasSize(1);
    }

    @Test
    void json() throws IOException {
        Map<String, Object> report = Json.object(zlineage("run", FILE, "--json").out());

        assertThat(report).containsEntry("format", "zlineage.tick/1").containsEntry("verdict", "done");
        assertThat(report.get("warnings").toString()).contains("there is no direct channel");
        Map<String, Object> wrong =
                Json.object(zlineage("run", FILE.replace("retention-policy: none", "retention-policy: maybe"), "--json")
                        .out());
        assertThat(wrong).containsEntry("kind", "invalid-definition");
    }

    @Test
    void theExitCodeTellsHowItEnded() throws IOException {
        String broken = FILE.replace("recursive: true\n    lifetime", "recursiv: true\n    lifetime");
        Screen.Shown invalid = zlineage("run", broken);
        assertThat(invalid.exit()).isEqualTo(ExitCode.INVALID_DEFINITION);
        assertThat(invalid.err())
                .contains("has 1 mistake, and nothing was done", "there is no such field; perhaps 'recursive'");
        assertThat(labels(here, "tank/data")).isEmpty();

        Screen.Shown partly = zlineage(
                "run",
                FILE.replace(
                        "source-dataset: tank/data\n    target-dataset: backup/far",
                        "source-dataset: tank/gone\n    target-dataset: backup/far"));
        assertThat(partly.exit()).as("%s", partly).isEqualTo(ExitCode.PARTLY_FAILED);
        assertThat(partly.out()).contains("tank/gone", "way out: see what there is with: zfs list -r");

        Screen.Shown failed = zlineage(
                "run",
                FILE.replace(
                        "source-dataset: tank/data\n    target-dataset: backup/far",
                        "source-dataset: tank/gone\n    target-dataset: backup/far"),
                "--task",
                "far");
        assertThat(failed.exit()).as("%s", failed).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void whatDoesNotGoTogetherIsSaidAtOnce() throws IOException {
        assertThat(zlineage("run", FILE, "--source", "tank/data", "-r"))
                .isEqualTo(new Screen.Shown(
                        2,
                        "",
                        "zlineage: --source, --recursive: does not go with a definition file, whose tasks say what they"
                                + " want; leave out one of the two\nTry 'zlineage help run'.\n"));
        assertThat(zlineage("run", FILE, "--once", "--task", "copy").err()).contains("--once: either");
        assertThat(zlineage("plan", FILE, "--maximum-share", "2").err()).contains("--maximum-share: 2.0");
        assertThat(screen.zlineage("run", "--once", "--source", "tank/data", "--target", "backup/x")
                        .err())
                .contains("--once: it is of a definition file: name the FILE");
        assertThat(screen.zlineage("run").err()).contains("--source: is missing", "--target: is missing");
    }

    @Test
    void timesThatTheClockDoesNotShow() throws IOException {
        assertThat(zlineage("plan", FILE, "--now", "2026-03-29T02:30").err())
                .contains("--now: '2026-03-29T02:30' is no time that the clock shows in Europe/Berlin");
        assertThat(zlineage("plan", FILE, "--now", "tomorrow").exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(zlineage("plan", FILE, "--once", "--now", "2026-10-25T02:00").out())
                .contains("auto-2026-10-25_02-00 will be taken");
    }
}
