// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
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

/** A task that saved something to another host, turned around on the command line. */
class RestoreCommandTest {

    private static final String FILE = """
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/data
                recursive: true
                lifetime: PT2H
                schedule: {}
            replication-tasks:
              vault:
                direction: push
                transport:
                  type: ssh
                  hostname: nas2
                  private-key: /etc/zl/id
                  host-key: ssh-ed25519 AAAA
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: source
            """;

    @TempDir
    private Path folder;

    private final FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
    private final FakeZfs there = FakeZfs.builder().host("there").seed(2).build();
    private final Screen screen = new Screen(here, there, false);

    @BeforeEach
    void saved() throws IOException {
        for (String name : List.of("tank/data", "tank/data/a")) {
            here.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
            here.write(DatasetName.of(name), "file", name.getBytes(StandardCharsets.UTF_8));
        }
        Screen.Shown shown = zlineage("run", "--task", "hourly");
        assertThat(shown.exit()).as("%s", shown).isZero();
    }

    private Screen.Shown zlineage(String command, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("definition.yaml"), FILE);
        return screen.zlineage(Stream.of(new String[] {command, file.toString()}, more)
                .flatMap(Arrays::stream)
                .toArray(String[]::new));
    }

    private boolean exists(String dataset) {
        return !here.execute(new ZfsCommand.ListDatasets(List.of(DatasetName.of(dataset)), Scope.SELF))
                .orThrow()
                .isEmpty();
    }

    @Test
    void withoutRunItIsOnlyPlanned() throws IOException {
        Screen.Shown shown = zlineage("restore", "--task", "vault", "--target", "tank/back");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out())
                .startsWith("replication task vault-restore: backup/data -> tank/back\n  plan: ")
                .contains("backup/data/a: send in full")
                .endsWith("nothing was changed; --run carries it out\n");
        assertThat(exists("tank/back")).isFalse();
    }

    @Test
    void aTargetThatCannotBeIsToldByItsOption() throws IOException {
        Path file = Files.writeString(
                folder.resolve("own.yaml"),
                FILE.replace("target-dataset: backup/data", "zlineage: {targets: {tank/data: backup/data}}"));

        Screen.Shown shown = screen.zlineage("restore", file.toString(), "--task", "vault", "--target", "tank/@");

        assertThat(shown.exit()).as("%s", shown).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.err()).contains("--target: 'tank/@'").doesNotContain("zlineage.targets");
        Screen.Shown good = screen.zlineage("restore", file.toString(), "--task", "vault", "--target", "tank/back");
        assertThat(good.out()).startsWith("replication task vault-restore: backup/data -> tank/back\n  plan: ");
    }

    @Test
    void whatWasSavedComesBackAndTheRestStays() throws IOException {
        here.execute(new ZfsCommand.DestroyDataset(DatasetName.of("tank/data"), Scope.SUBTREE))
                .orThrow();
        String backup = there
                .execute(new ZfsCommand.ListHistories(List.of(DatasetName.of("backup")), Scope.SUBTREE))
                .orThrow()
                .values()
                .stream()
                .map(h -> h.snapshots().toString())
                .toList()
                .toString();

        Screen.Shown shown = zlineage("restore", "--task", "vault", "--target", "tank/data", "--run");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out()).contains("task vault-restore\nplan: ", "result: 2 replicated");
        assertThat(here.contents(DatasetName.of("tank/data/a"))).containsEntry("file", "tank/data/a");
        assertThat(there
                        .execute(new ZfsCommand.ListHistories(List.of(DatasetName.of("backup")), Scope.SUBTREE))
                        .orThrow()
                        .values()
                        .stream()
                        .map(h -> h.snapshots().toString())
                        .toList()
                        .toString())
                .isEqualTo(backup);
    }

    /** The task goes on with what came back as if nothing had been. */
    @Test
    void theTaskGoesOnAfterwards() throws IOException {
        here.execute(new ZfsCommand.DestroyDataset(DatasetName.of("tank/data"), Scope.SUBTREE))
                .orThrow();
        assertThat(zlineage("restore", "--task", "vault", "--target", "tank/data", "--run", "-q")
                        .exit())
                .isZero();
        Screen.Shown again = zlineage("run", "--task", "hourly", "--now", "2026-03-01T14:00:00Z");

        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.out()).contains("tank/data/a: send from @auto-2026-03-01_12-30, the newest that both know");
    }

    @Test
    void dataThatIsThereIsNotOverwritten() throws IOException {
        DatasetName data = DatasetName.of("tank/data/a");
        here.write(data, "new", new byte[10]);
        here.execute(new ZfsCommand.DestroySnapshots(data, List.of("auto-2026-03-01_12-30")))
                .orThrow();
        here.execute(new ZfsCommand.TakeSnapshots(List.of(data.snapshot("mine")), Scope.SELF, Map.of()))
                .orThrow();

        Screen.Shown shown = zlineage("restore", "--task", "vault", "--target", "tank/data", "--run");

        assertThat(shown.exit()).as("%s", shown).isEqualTo(ExitCode.REFUSED);
        assertThat(shown.out()).contains("way out: ");
        assertThat(here.contents(data)).containsKey("new");
    }

    @Test
    void asADocument() throws IOException {
        Map<String, Object> plan = Json.object(zlineage("restore", "--task", "vault", "--target", "tank/back", "--json")
                .out());
        Map<String, Object> run =
                Json.object(zlineage("restore", "--task", "vault", "--target", "tank/back", "--run", "--json")
                        .out());

        assertThat(plan).containsEntry("format", "zlineage.tick/1").containsEntry("verdict", "done");
        assertThat(run.get("tasks").toString()).contains("task=vault-restore", "outcome=replicated");
        assertThat(run.get("events").toString()).contains("event=brought");
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        assertThat(zlineage("restore", "--task", "valt", "--target", "tank/back"))
                .isEqualTo(new Screen.Shown(
                        2,
                        "",
                        "zlineage: --task: there is no replication task 'valt'; there are vault\n"
                                + "Try 'zlineage help restore'.\n"));
        assertThat(zlineage("restore", "--task", "vault", "--target", "tank//back")
                        .err())
                .contains("--target: 'tank//back': ");
        assertThat(zlineage("restore").err()).contains("--task: is missing", "--target: is missing");
    }
}
