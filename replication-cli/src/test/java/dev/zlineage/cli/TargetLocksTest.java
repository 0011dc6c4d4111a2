// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TargetTree;
import dev.zlineage.testkit.FakeZfs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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
            until(() -> screen.printed().contains("copy waits: backup/data is written into by process"));

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

    /** The directory of the one pool that is written into. */
    private Path pool() throws IOException {
        assertThat(run("backup/data").exit()).isEqualTo(ExitCode.OK);
        try (Stream<Path> pools = Files.list(Path.of(locks()))) {
            return pools.reduce((one, other) -> one).orElseThrow();
        }
    }

    private static int mode(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") & 07777;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it has been made by an older program, too. */
    @Test
    void whatSeveralUsersShareIsMadeForAllOfThem() throws IOException {
        Path pool = pool();
        Files.setAttribute(Path.of(locks()), "unix:mode", 01777);
        Map<String, Integer> modes = new TreeMap<>();
        beside(() -> {
            try (Stream<Path> files = Files.list(pool)) {
                files.forEach(file -> modes.put(file.getFileName().toString().replaceAll(".*[.]", ""), mode(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(run("backup/data/other").exit()).isEqualTo(ExitCode.OK);
        assertThat(mode(pool)).isEqualTo(01777);
        assertThat(modes).isEqualTo(Map.of("table", 0666, "lock", 0666));
    }

    /** Whoever may write the directory could have it lead elsewhere, where a file without a lock is deleted. */
    @Test
    void aLinkInThePlaceOfAPoolIsNotFollowed() throws IOException {
        Path pool = pool();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious.lock"), "of another program");
        Files.delete(pool.resolve("table"));
        Files.delete(pool);
        Files.createSymbolicLink(pool, elsewhere);

        Screen.Shown shown = run("backup/data");

        assertThat(precious).exists();
        assertThat(shown.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(shown.err())
                .contains("zlineage: backup/data can't be locked: ", pool + " is no directory, or a link to one")
                .contains("name another directory by --locks")
                .doesNotContain("unexpected");
        assertThat(Json.object(run("backup/data", "--json").out())).containsEntry("kind", "locks");
    }

    /** Nobody is in the way, so that waiting would not help. */
    @Test
    void troubleWithTheDirectoryIsAFailureOfTheTask() throws IOException {
        Path pool = pool();
        Files.delete(pool.resolve("table"));
        Files.createDirectory(pool.resolve("table"));

        Screen.Shown shown = screen.zlineage(
                "run", file().toString(), "--once", "--now", "2026-01-01T05:00", "--locks", locks(), "--wait", "1h");

        assertThat(shown.exit()).as("%s", shown).isEqualTo(ExitCode.PARTLY_FAILED);
        assertThat(shown.out())
                .contains("tank/data@auto-2026-01-01_05-00 taken", "backup/data can't be locked: ")
                .doesNotContain("BUSY");
    }

    @Test
    @Tag("once")
    void aLockThatCanNotBeReadIsToldAsThat() throws IOException {
        Process process = another();
        assertThat(process.isAlive()).isTrue();
        try (Stream<Path> files = Files.walk(Path.of(locks()))) {
            Path lock = files.filter(file -> file.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
            Files.writeString(lock, Files.readString(lock).replace(String.valueOf(process.pid()), "somebody"));
        }

        Screen.Shown shown = run("backup/data");

        assertThat(shown.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(shown.err())
                .contains("backup/data can't be locked: ", "a lock names no process: 'somebody'")
                .doesNotContain("unexpected");
    }

    /** The others are given back all the same. */
    @Test
    void aFileThatCanNotBeDeletedKeepsNoOther() throws IOException, InterruptedException {
        Path directory = folder.resolve("locks");
        TargetTree one = new TargetTree(new Guid(7), DatasetName.of("backup/one"));
        TargetTree two = new TargetTree(new Guid(7), DatasetName.of("backup/two"));
        try (TargetLocks.Holder holder = new TargetFiles(directory, "first", Optional.of(Duration.ZERO)).open()) {
            assertThat(holder.take(one, "", why -> {}, new Cancellation())).isEmpty();
            Path lock = locksOf(directory).get(0);
            assertThat(holder.take(two, "", why -> {}, new Cancellation())).isEmpty();
            Files.delete(lock);
            Files.writeString(Files.createDirectory(lock).resolve("file"), "in the way");
        }
        for (Path lock : locksOf(directory)) {
            assertThat(lock).isDirectory();
            Files.delete(lock.resolve("file"));
            Files.delete(lock);
        }

        try (TargetLocks.Holder next = new TargetFiles(directory, "next", Optional.of(Duration.ZERO)).open()) {
            assertThat(next.take(two, "", why -> {}, new Cancellation())).isEmpty();
        }
    }

    private static List<Path> locksOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".lock")).toList();
        }
    }
}
