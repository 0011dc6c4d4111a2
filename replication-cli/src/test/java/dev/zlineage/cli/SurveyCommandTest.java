// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a wizard asks before something is replicated. */
class SurveyCommandTest {

    private static final String FILE = """
            replication-tasks:
              fetch:
                direction: pull
                transport:
                  type: ssh
                  hostname: nas2
                  private-key: /etc/zl/id
                  host-key: ssh-ed25519 AAAA
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                naming-schema: [auto-%Y-%m-%d_%H-%M, "hand-%s"]
                properties: false
                retention-policy: none
              copy:
                direction: push
                transport: {type: local}
                source-dataset: backup/gone
                target-dataset: backup/copy
                also-include-naming-schema: copy-%Y-%m-%d_%H-%M
                retention-policy: none
            """;

    @TempDir
    private Path folder;

    private final FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
    private final FakeZfs there = FakeZfs.builder().host("there").seed(2).build();
    private final Screen screen = new Screen(here, there, false);

    private static final String[] BOTH = {
        "survey",
        "--source",
        "tank/data",
        "--target",
        "backup/data",
        "--source-host",
        "root@nas2",
        "--ssh-key",
        "id",
        "-r"
    };

    @BeforeEach
    void tree() {
        there.createEncrypted(DatasetName.of("tank/data"), "a passphrase");
        for (String name : List.of("tank/data/a", "tank/data/tmp")) {
            there.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
        }
        snapshot(there, "tank/data", "auto-2026-01-01_00-00");
        snapshot(there, "tank/data", "by-hand");
        assertThat(screen.zlineage(
                                "run",
                                "--source",
                                "tank/data",
                                "--target",
                                "backup/data",
                                "--source-host",
                                "root@nas2",
                                "--ssh-key",
                                "id",
                                "-r",
                                "-q")
                        .exit())
                .isZero();
        snapshot(here, "backup/data", "mine");
    }

    private static void snapshot(FakeZfs zfs, String dataset, String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of(dataset).snapshot(label)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    private static String[] with(String[] args, String... more) {
        String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    private String file() throws IOException {
        return Files.writeString(folder.resolve("d.yaml"), FILE).toString();
    }

    @Test
    void whatIsThereToReplicate() {
        Screen.Shown shown =
                screen.zlineage(with(BOTH, "--schema", "auto-%Y-%m-%d_%H-%M", "--exclude", "tank/data/tmp"));

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out())
                .startsWith("tank/data on there: 3 datasets, 4 snapshots, 2 of them selected\n")
                .contains("  tank/data: filesystem, ")
                .contains(", encrypted by the key of tank/data\n")
                .contains("  tank/data/tmp: filesystem, ")
                .contains(", left out\n")
                .contains("  target backup/data on here: snapshots that its source lacks:\n    backup/data@mine\n")
                .contains("    backup/data/a is opened by the key of tank/data\n");
    }

    @Test
    void whatIsTakenInAgainIsNotLeftOut() {
        Screen.Shown shown = screen.zlineage(with(BOTH, "--exclude", "tank/data/*", "--include", "tank/data/tmp"));

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out())
                .doesNotContainPattern("tank/data/tmp: .*left out")
                .containsPattern("tank/data/.*left out");
        assertThat(screen.zlineage(with(BOTH, "--include", "tank/data/tmp")).exit())
                .isEqualTo(ExitCode.BAD_REQUEST);
    }

    @Test
    void aSourceAlone() {
        Screen.Shown shown = screen.zlineage("survey", "--source", "backup", "-r");

        assertThat(shown.exit()).isZero();
        assertThat(shown.out()).startsWith("backup on here: 4 datasets, 9 snapshots, 9 of them selected\n");
        assertThat(shown.out()).doesNotContain("target");
        assertThat(screen.zlineage("survey", "--source", "backup/none").exit()).isEqualTo(ExitCode.BAD_REQUEST);
    }

    @Test
    void whatCannotBeToldIsSaid() {
        snapshot(there, "tank/data", "a".repeat(200));
        Screen.Shown shown = screen.zlineage(with(BOTH, "--matching", ".*.*.*.*.*x"));

        assertThat(shown.exit()).isZero();
        assertThat(shown.out()).contains("  tank/data/a: ").contains("0 of them selected");
    }

    @Test
    @SuppressWarnings("unchecked")
    void asADocument() {
        Map<String, Object> document =
                Json.object(screen.zlineage(with(BOTH, "--json")).out());
        Map<String, Object> survey = ((List<Map<String, Object>>) document.get("surveys")).get(0);

        assertThat(document).containsEntry("format", "zlineage.survey/1");
        assertThat(survey)
                .containsEntry("source", "tank/data")
                .containsEntry("sourceHost", "there")
                .containsEntry("target", "backup/data")
                .containsEntry("snapshots", 6L)
                .containsEntry("selected", 6L);
        assertThat(survey.get("datasets").toString()).contains("name=tank/data/a", "encryptionRoot=tank/data");
        assertThat(survey.get("unmatched").toString()).contains("dataset=backup/data/a", "name=mine");
        assertThat(survey.get("keys").toString()).contains("root=backup/data/a, keyOf=tank/data");
    }

    @Test
    void eachTaskOfADefinition() throws IOException {
        Screen.Shown shown = screen.zlineage("survey", file());

        assertThat(shown.exit()).as("%s", shown).isEqualTo(ExitCode.PARTLY_FAILED);
        assertThat(shown.out())
                .startsWith("naming schema: auto-%Y-%m-%d_%H-%M\nnaming schema: copy-%Y-%m-%d_%H-%M\n"
                        + "naming schema: hand-%s\n"
                        + "replication task fetch: tank/data on there: 3 datasets, 6 snapshots, 3 of them selected\n")
                .contains("    backup/data@mine\n")
                .endsWith("replication task copy: backup/gone: FAILED, there is no dataset backup/gone on here\n");
        assertThat(screen.zlineage("survey", file(), "--task", "fetch").exit()).isZero();
        assertThat(Json.object(screen.zlineage("survey", file(), "--json").out())
                        .toString())
                .contains("namingSchemas=[auto-", "task=fetch", "failure=no-such-dataset");
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        assertThat(screen.zlineage("survey").err()).contains("--source: is missing: name a dataset");
        assertThat(screen.zlineage("survey", "--task", "x").err())
                .contains("--source: is missing", "--task: it is of a definition file");
        assertThat(screen.zlineage("survey", file(), "-r", "--source", "tank").err())
                .contains("--recursive, --source: does not go with a definition file");
        assertThat(screen.zlineage("survey", file(), "--task", "none").err()).contains("no replication task 'none'");
        assertThat(screen.zlineage("survey", "--source", "tank//x", "--matching", "(")
                        .err())
                .contains("tank//x", "2 problems");
    }
}
