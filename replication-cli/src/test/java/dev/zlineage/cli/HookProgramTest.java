// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.HookPrograms;
import dev.zlineage.scheduler.tick.SnapshotHook;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The programs that a definition file names beside its snapshots. */
class HookProgramTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");

    @TempDir
    private Path folder;

    private final FakeZfs zfs = FakeZfs.builder().host("here").seed(1).build();
    private final Screen screen = new Screen(zfs);

    @BeforeEach
    void source() {
        zfs.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
    }

    private Path program(String name, String body) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\ncd '" + folder + "'\n" + body + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Screen.Shown run(String options) throws IOException {
        Path file = Files.writeString(folder.resolve("definition.yaml"), """
                timezone: UTC
                periodic-snapshot-tasks:
                  hourly:
                    dataset: tank/data
                    schedule: {}
                    zlineage: {before: %s/before, after: %s/after%s}
                """.formatted(folder, folder, options));
        return screen.zlineage("run", file.toString(), "--once", "--now", "2026-01-01T01:00");
    }

    private List<String> snapshots() {
        return zfs
                .execute(new ZfsCommand.ListHistories(List.of(DATA), Scope.SELF))
                .orThrow()
                .getOrDefault(DATA, History.EMPTY)
                .snapshots()
                .stream()
                .map(snapshot -> snapshot.label())
                .toList();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Test
    void variablesTellWhichSnapshotItIs() throws IOException {
        String tell = "echo $ZLINEAGE_HOOK $ZLINEAGE_TASK $ZLINEAGE_DATASET $ZLINEAGE_SNAPSHOT $ZLINEAGE_TAKEN >> log";
        program("before", tell);
        program("after", tell);

        Screen.Shown shown = run("");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(snapshots()).containsExactly("auto-2026-01-01_01-00");
        assertThat(log()).isEqualTo("""
                before hourly tank/data auto-2026-01-01_01-00
                after hourly tank/data auto-2026-01-01_01-00 true
                """);
    }

    @Test
    void aFailureBeforeIsAWarning() throws IOException {
        program("before", "echo no database; exit 3");
        program("after", "echo $ZLINEAGE_TAKEN >> log; exit 4");

        Screen.Shown shown = run("");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(snapshots()).hasSize(1);
        assertThat(log()).isEqualTo("true\n");
        assertThat(shown.out())
                .contains(
                        "was taken although the hook before it failed: " + folder + "/before ended with 3: no database",
                        "the hook after tank/data@auto-2026-01-01_01-00 failed: " + folder + "/after ended with 4");
    }

    @Test
    void whereItIsRequiredNothingIsTaken() throws IOException {
        program("before", "exit 3");
        program("after", "echo $ZLINEAGE_TAKEN >> log");

        Screen.Shown shown = run(", before-required: true");

        assertThat(shown.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(snapshots()).isEmpty();
        assertThat(log()).isEqualTo("false\n");
        assertThat(shown.out()).contains("it was not taken", folder + "/before ended with 3");
    }

    /** A child of the program would go on, and hold what the program wrote into. */
    @Test
    @Timeout(20)
    void whatTakesTooLongIsEndedWithItsChildren() throws IOException {
        program("before", "sleep 100 & echo $! > child; wait");
        program("after", "");

        Screen.Shown shown = run(", hook-timeout: PT1S");

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out()).contains("did not end within PT1S, and was ended");
        assertThat(snapshots()).hasSize(1);
        Path child = Path.of("/proc", Files.readString(folder.resolve("child")).strip(), "cmdline");
        // a kill is carried out a moment later; with it left alone the child would go on for longer than the test may
        while (isRunning(child)) {
            Thread.onSpinWait();
        }
    }

    /** What has ended and waits for its parent to look has no command line any more. */
    private static boolean isRunning(Path commandLine) {
        try {
            return !Files.readString(commandLine).isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aProgramThatIsNotThereIsToldOf() throws IOException {
        program("after", "");

        Screen.Shown shown = run("");

        assertThat(shown.out()).contains(folder + "/before could not be run: ");
        assertThat(snapshots()).hasSize(1);
    }

    /** It goes into no file that could fill a disk. */
    @Test
    @Timeout(20)
    void ofWhatOneSaysTheBeginningIsKept() throws IOException {
        program(
                "before",
                "said=$(readlink /proc/$$/fd/1); echo $said >> log; head -c 1000000 /dev/zero | tr '\\0' x; exit 3");
        program("after", "");

        Screen.Shown shown = run("");

        assertThat(log()).startsWith("pipe:");
        assertThat(shown.out())
                .contains("/before ended with 3: " + "x".repeat(1000))
                .doesNotContain("x".repeat(1001));
    }

    /** As when the daemon is stopped, or the task cancelled. What was frozen is thawed all the same. */
    @Test
    @Timeout(20)
    void oneUnderWayIsEndedWhenTheRunIsCancelled() throws IOException {
        Path before = program("before", "echo > begun; sleep 100");
        Path after = program("after", "echo thawed > log");
        HookProgram hook = new HookProgram(new HookPrograms(
                Optional.of(before.toString()), Optional.of(after.toString()), Duration.ofHours(1), false));
        Cancellation cancellation = new Cancellation();
        SnapshotHook.Occasion occasion = new SnapshotHook.Occasion("hourly", DATA.snapshot("x"), cancellation);
        CompletableFuture<Void> cancels = CompletableFuture.runAsync(() -> {
            while (!Files.exists(folder.resolve("begun"))) {
                Thread.onSpinWait();
            }
            cancellation.cancel();
        });

        assertThatThrownBy(() -> hook.before(occasion))
                .isInstanceOf(SnapshotHook.HookFailedException.class)
                .hasMessageEndingWith("/before was ended, since the run was cancelled");
        assertThatCode(() -> hook.after(occasion, false)).doesNotThrowAnyException();
        assertThat(log()).isEqualTo("thawed\n");
        cancels.join();
    }
}
