// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consent on the command line to what a plan destroys that was printed before. */
class ApproveTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final DatasetName COPY = DatasetName.of("backup/data");

    private static final String FILE = """
            replication-tasks:
              copy:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                name-regex: .*
                properties: false
                retention-policy: none
                zlineage: {on-divergence: roll-back}
            """;

    @TempDir
    private Path folder;

    private final FakeZfs zfs = FakeZfs.builder().seed(1).build();
    private final Screen screen = new Screen(zfs);

    @BeforeEach
    void aTargetWithSomethingOfItsOwn() {
        zfs.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        snapshot(DATA, "one");
        assertThat(zlineage("run").exit()).isZero();
        snapshot(DATA, "two");
        zfs.write(COPY, "mine", new byte[100]);
        snapshot(COPY, "own");
    }

    private void snapshot(DatasetName dataset, String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(dataset.snapshot(label)), Scope.SELF, Map.of()))
                .orThrow();
    }

    private Screen.Shown zlineage(String command, String... more) {
        return screen.zlineage(Stream.concat(
                        Stream.of(
                                command,
                                "--source",
                                "tank/data",
                                "--target",
                                "backup/data",
                                "--readonly=ignore",
                                "--diverged=roll-back"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private String file() throws IOException {
        return Files.writeString(folder.resolve("d.yaml"), FILE).toString();
    }

    private List<String> labels() {
        return zfs
                .execute(new ZfsCommand.ListHistories(List.of(COPY), Scope.SELF))
                .orThrow()
                .getOrDefault(COPY, History.EMPTY)
                .snapshots()
                .stream()
                .map(Snapshot::label)
                .toList();
    }

    private static String token(Screen.Shown shown) {
        Matcher hint = Pattern.compile("to run this and destroy nothing else: run --approve ([0-9a-f]{16})\n")
                .matcher(shown.out());
        assertThat(hint.find()).as("%s", shown).isTrue();
        return hint.group(1);
    }

    @Test
    void whatWasSeenIsDone() {
        String token = token(zlineage("plan"));

        assertThat(token(zlineage("run", "--dry-run"))).as("the same again").isEqualTo(token);
        assertThat(Json.object(zlineage("plan", "--json").out())).containsEntry("approval", token);
        assertThat(zlineage("run", "--approve", token).exit()).isZero();
        assertThat(labels()).containsExactly("one", "two");
        assertThat(zlineage("plan").out()).doesNotContain("--approve");
        assertThat(zlineage("run", "--approve", token).exit())
                .as("nothing to destroy needs no consent")
                .isZero();
    }

    /** Another snapshot of the same name is another one. */
    @Test
    void whatCameInBetweenIsNotDestroyed() {
        String token = token(zlineage("plan"));
        zfs.execute(new ZfsCommand.DestroySnapshots(COPY, List.of("own"))).orThrow();
        snapshot(COPY, "own");

        Screen.Shown shown = zlineage("run", "--approve", token);

        assertThat(shown.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(shown.err())
                .startsWith("zlineage: what would be destroyed now is not what '" + token
                        + "' approved, and nothing was done");
        assertThat(labels()).containsExactly("one", "own");
        assertThat(Json.object(zlineage("run", "--json", "--approve", "0").out()))
                .containsEntry("kind", "not-approved");
        assertThat(zlineage("run", "--approve", token(zlineage("plan"))).exit()).isZero();
    }

    @Test
    void ofADefinitionToo() throws IOException {
        String token = token(screen.zlineage("plan", file()));

        assertThat(Json.object(screen.zlineage("plan", file(), "--json").out())).containsEntry("approval", token);
        assertThat(screen.zlineage("run", file(), "--approve", "0123456789abcdef")
                        .exit())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(labels()).containsExactly("one", "own");
        Screen.Shown run = screen.zlineage("run", file(), "--approve", token);
        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.out()).doesNotContain("--approve");
        assertThat(labels()).containsExactly("one", "two");
    }

    @Test
    void aPlanThatIsMadeAnewCanNotBeApproved() {
        assertThat(zlineage("run", "--approve", "0", "--snapshot").err())
                .contains("--approve: with --snapshot the plan is made anew");
    }
}
