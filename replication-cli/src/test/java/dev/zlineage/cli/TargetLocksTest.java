// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.testkit.FakeZfs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of the command line, or one beside a daemon, never write into one target at a time. */
@Timeout(60)
class TargetLocksTest {

    private static final String FILE = """
            timezone: UTC
            periodic-snapshot-tasks:
              hourly:
                dataset: tank/data
                schedule: {}
            replication-tasks:
              copy:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: none
              other:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/other
                periodic-snapshot-tasks: [hourly]
                properties: false
                auto: true
                retention-policy: none
            """;

    @TempDir
    private Path folder;

    private final FakeZfs zfs = RunThatStands.pools();
    private final Screen screen = new Screen(zfs);
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void noProcessStays() {
        processes.forEach(Process::destroyForcibly);
    }

    private String locks() {
        return folder.resolve("locks").toString();
    }

    private Screen.Shown run(String target, String... more) {
        List<String> args =
                new ArrayList<>(List.of("run", "--source", "tank/data", "--target", target, "--locks", locks()));
        args.addAll(List.of(more));
        return screen.zlineage(args.toArray(String[]::new));
    }

    private Path file() throws IOException {
        return Files.writeString(folder.resolve("definition.yaml"), FILE);
    }

    /** Does something while the first run is about to send. */
    private void beside(Runnable act) {
        AtomicBoolean first = new AtomicBoolean(true);
        zfs.beforeEachSend(stream -> {
            if (first.getAndSet(false)) {
                act.run();
            }
        });
    }

    private Process another() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunThatStands.class.getName(),
                        "run",
                        "--source",
                        "tank/data",
                        "--target",
                        "backup/data",
                        "--locks",
                        locks())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo("sends");
        return process;
    }

    private static void until(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            assertThat(Thread.interrupted()).as("takes too long").isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    @Tag("once")
    void aRunBesideAnotherProcessEndsAtOnceAndAKilledOneIsInNobodysWay() throws IOException, InterruptedException {
        Process process = another();

        Screen.Shown refused = run("backup/data");
        assertThat(refused.exit()).isEqualTo(ExitCode.BUSY);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .matches("zlineage: backup/data is written into by process " + process.pid()
                        + " \\(zlineage run\\) since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\n"
                        + "  way out: let it end, or wait for it with --wait TIME, such as --wait 1h\n");

        process.destroyForcibly().waitFor();
        assertThat(run("backup/data").exit()).isEqualTo(ExitCode.OK);
    }

    @Test
    @Tag("once")
    void aJobOfTheDaemonWaitsForARunOfTheCommandLine() throws IOException, InterruptedException {
        Process process = another();
        String state = folder.resolve("state").toString();
        CompletableFuture<Screen.Shown> end = new CompletableFuture<>();
        String definition = file().toString();
        Thread daemon = new Thread(
                () -> end.complete(screen.zlineage("daemon", definition, "--state", state, "--locks", locks())));
        daemon.start();
        try {
            until(() -> screen.zlineage("status", "--state", state).exit() == ExitCode.OK);
            screen.zlineage("run-now", "copy", "--state", state);
            until(() -> screen.zlineage("status", "--state", state)
                    .out()
                    .contains("WAITING   copy (replication)\n          backup/data is written into by process "
                            + process.pid()));
            assertThat(screen.printed()).contains("copy waits: backup/data is written into by process");

            process.destroyForcibly().waitFor();
            until(() -> screen.zlineage("history", "--state", state).out().contains("copy finished"));
        } finally {
            daemon.interrupt();
            daemon.join();
        }
    }

    @Test
    void whatLiesAboveOrBelowIsInTheWayAndNothingElse() {
        List<Screen.Shown> shown = new ArrayList<>();
        beside(() -> {
            shown.add(run("backup/data/below"));
            shown.add(run("backup/database"));
            shown.add(run("backup"));
        });

        assertThat(run("backup/data").exit()).isEqualTo(ExitCode.OK);
        assertThat(shown).extracting(Screen.Shown::exit).containsExactly(ExitCode.BUSY, ExitCode.OK, ExitCode.BUSY);
    }

    @Test
    void oneCanWait() throws InterruptedException {
        List<Screen.Shown> shown = new ArrayList<>();
        Thread second = new Thread(() -> shown.add(run("backup/data", "--wait", "1h")));
        beside(() -> {
            second.start();
            until(() -> second.getState() == Thread.State.TIMED_WAITING);
        });

        assertThat(run("backup/data").exit()).isEqualTo(ExitCode.OK);
        second.join();
        assertThat(shown).singleElement().satisfies(each -> {
            assertThat(each.exit()).as("%s", each).isEqualTo(ExitCode.OK);
            assertThat(each.err()).startsWith("waits: backup/data is written into by process");
        });
    }

    @Test
    void inATickTheOtherTasksAreRunAndSnapshotsAreTaken() throws IOException {
        String definition = file().toString();
        List<Screen.Shown> shown = new ArrayList<>();
        beside(() -> shown.add(
                screen.zlineage("run", definition, "--once", "--now", "2026-01-01T05:00", "--locks", locks())));

        assertThat(run("backup/data").exit()).isEqualTo(ExitCode.OK);
        assertThat(shown).singleElement().satisfies(each -> {
            assertThat(each.exit()).as("%s", each).isEqualTo(ExitCode.BUSY);
            assertThat(each.out())
                    .contains("tank/data@auto-2026-01-01_05-00 taken")
                    .contains("replication task copy: tank/data -> backup/data\n  BUSY, backup/data is written into by")
                    .contains("replication task other: tank/data -> backup/other\n  result: ")
                    .contains("way out: let it end, or wait for it with --wait TIME");
        });
    }

    @Test
    void asJson() {
        List<Screen.Shown> shown = new ArrayList<>();
        beside(() -> shown.add(run("backup/data", "--json")));

        run("backup/data");
        Map<String, Object> error = Json.object(shown.get(0).out());
        assertThat(error).containsEntry("kind", "target-busy");
        assertThat(error.get("wayOut").toString()).contains("--wait");
    }

    @Test
    void aPlanAsksForNoLock() {
        List<Screen.Shown> shown = new ArrayList<>();
        beside(() -> shown.add(run("backup/data", "--dry-run")));

        run("backup/data");
        assertThat(shown.get(0).exit()).as("%s", shown).isEqualTo(ExitCode.OK);
    }

    @Test
    void aPlaceThatCanNotBeUsedIsRefusedByItsName() throws IOException {
        Files.writeString(folder.resolve("locks"), "a file");

        Screen.Shown shown = run("backup/data");
        assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.err()).contains("--locks: nothing can be kept in '" + locks());
    }
}
