// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon in this process, asked and told as another process would. Nothing in its file is due within a test. */
@Timeout(60)
class DaemonTest {

    private static final String FILE = """
            timezone: UTC
            periodic-snapshot-tasks:
              yearly:
                dataset: tank/data
                schedule: {minute: "1", hour: "1", day-of-month: "29", month: "2"}
            replication-tasks:
              copy:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                periodic-snapshot-tasks: [yearly]
                properties: false
                auto: true
                retention-policy: none
            """;

    static {
        System.setProperty("sun.net.httpserver.maxReqTime", "1"); // where nobody says so it is ten seconds
    }

    @TempDir
    private Path folder;

    private final FakeZfs zfs = FakeZfs.builder().seed(1).build();
    private final Screen screen = new Screen(zfs);
    private CompletableFuture<Screen.Shown> ended = new CompletableFuture<>();
    private Thread daemon = new Thread();

    @BeforeEach
    void start() throws IOException {
        zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of()))
                .orThrow();
        Files.writeString(folder.resolve("definition.yaml"), FILE);
        boot();
    }

    private void boot(String... more) {
        CompletableFuture<Screen.Shown> end = new CompletableFuture<>();
        ended = end;
        List<String> args = new ArrayList<>(List.of(
                "daemon",
                folder.resolve("definition.yaml").toString(),
                "--state",
                folder.resolve("state").toString()));
        args.addAll(List.of(more));
        daemon = new Thread(() -> end.complete(screen.zlineage(args.toArray(String[]::new))));
        daemon.start();
        until(() -> zlineage("status").exit() == ExitCode.OK);
    }

    @AfterEach
    void end() throws InterruptedException {
        daemon.interrupt();
        daemon.join();
    }

    private Screen.Shown zlineage(String command, String... more) {
        String[] args = new String[more.length + 3];
        args[0] = command;
        args[1] = "--state";
        args[2] = folder.resolve("state").toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return screen.zlineage(args);
    }

    private static void until(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private List<String> snapshots(String dataset) {
        DatasetName name = DatasetName.of(dataset);
        return zfs
                .execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                .orThrow()
                .getOrDefault(name, History.EMPTY)
                .snapshots()
                .stream()
                .map(snapshot -> snapshot.label())
                .toList();
    }

    private String history() {
        return zlineage("history").out();
    }

    @Test
    void aSnapshotByHandIsTakenAndSent() {
        assertThat(zlineage("status").out())
                .contains(
                        "PENDING   yearly (snapshots)", "PENDING   copy (replication)", "next at 2028-02-29T01:01:00Z");
        Screen.Shown asked = zlineage("run-now", "yearly");
        assertThat(asked.out()).startsWith("job 1: yearly");
        until(() -> history().contains("copy finished"));
        assertThat(history()).contains("yearly finished");
        assertThat(snapshots("backup/data")).hasSize(1).isEqualTo(snapshots("tank/data"));
        Map<String, Object> status = Json.object(zlineage("status", "--json").out());
        assertThat(status.get("format")).isEqualTo("zlineage.status/1");
        assertThat(status.get("tasks"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                .extracting(task -> task.get("task") + " " + task.get("state"))
                .containsExactly("yearly FINISHED", "copy FINISHED");
        assertThat(Json.object(zlineage("history", "--json", "copy").out()).get("jobs"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(1);
    }

    /** The pause outlives the daemon, and so does the job that waits for its end. */
    @Test
    void whatIsPausedWaitsAlsoInTheNextDaemon() throws InterruptedException {
        assertThat(zlineage("pause", "copy").out()).contains("paused");
        zlineage("run-now", "yearly");
        until(() -> history().contains("yearly finished"));
        until(() -> zlineage("status").out().contains("the task is paused"));
        end();
        assertThat(ended.join().out()).contains("yearly finished");
        assertThat(zlineage("status").exit()).isEqualTo(ExitCode.BAD_REQUEST);
        boot();
        until(() -> zlineage("status").out().contains("WAITING   copy (replication), paused"));
        assertThat(snapshots("backup/data")).isEmpty();
        assertThat(zlineage("resume", "copy").out()).contains("goes on");
        until(() -> history().contains("copy finished"));
        assertThat(snapshots("backup/data")).hasSize(1);
    }

    @Test
    void theFileIsReadAgainWhenItChanges() throws IOException {
        Files.writeString(folder.resolve("definition.yaml"), FILE.replace("yearly", "seldom"));
        until(() -> zlineage("status").out().contains("seldom"));
        Files.writeString(folder.resolve("definition.yaml"), FILE.replace("direction: push", "direction: up"));
        Screen.Shown unknown = zlineage("run-now", "yearly");
        assertThat(unknown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(unknown.err()).contains("there is no task 'yearly'");
        assertThat(zlineage("cancel", "copy").out()).contains("nothing of it runs or waits");
        assertThat(zlineage("cancel", "none").err()).contains("there is no task 'none'");
    }

    @Test
    void aSignalLetsItReadTheFileAtOnceWhateverItHolds() throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        assertThat(new ProcessBuilder("kill", "-HUP", Long.toString(self))
                        .start()
                        .waitFor())
                .isZero();
        until(() -> zlineage("status").exit() == ExitCode.OK);
        zlineage("run-now", "yearly");
        until(() -> history().contains("copy finished"));
        end();
        String heard = "goes on with what " + folder.resolve("definition.yaml") + " says now";
        if (startedDeaf()) {
            assertThat(ended.join().out()).doesNotContain(heard);
        } else {
            assertThat(ended.join().out()).contains(heard);
        }
    }

    /** Whether this JVM was started with the signal ignored, as by nohup: it stays so. */
    private static boolean startedDeaf() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> Long.parseUnsignedLong(line.substring(8).strip(), 16) % 2 != 0);
    }

    @Test
    void whatIsRefusedIsADocumentWhereThatIsAskedFor() {
        Screen.Shown shown = zlineage("run-now", "none", "--json");
        assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.err()).isEmpty();
        Map<String, Object> error = Json.object(shown.out());
        assertThat(error.get("format")).isEqualTo("zlineage.error/1");
        assertThat(error.get("message").toString()).contains("there is no task 'none'; there are yearly, copy");
    }

    @Test
    void tellsItsNumbersAndItsHealth() throws IOException, InterruptedException {
        end();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        boot("--metrics", Integer.toString(port));
        zlineage("run-now", "yearly");
        until(() -> history().contains("copy finished"));

        assertThat(text(get(port, "/health"))).isEqualTo("{\"status\":\"up\",\"tasks\":{\"FINISHED\":2}}\n");
        HttpURLConnection numbers = get(port, "/metrics");
        assertThat(numbers.getContentType()).startsWith("text/plain");
        assertThat(text(numbers).lines())
                .contains(
                        "zlineage_runs_total{ending=\"finished\",kind=\"replication\",task=\"copy\"} 1.0",
                        "zlineage_runs_total{ending=\"finished\",kind=\"snapshots\",task=\"yearly\"} 1.0",
                        "zlineage_dataset_lag_seconds{dataset=\"tank/data\",task=\"copy\"} 0.0",
                        "zlineage_jobs_running 0.0")
                .anyMatch(line ->
                        line.matches("zlineage_task_last_success\\{kind=\"replication\",task=\"copy\"} 1\\.\\d+E9"))
                .anyMatch(line -> line.startsWith("zlineage_run_duration_seconds_count{kind=\"replication\""));
        assertThat(get(port, "/other").getResponseCode()).isEqualTo(404);
    }

    private static HttpURLConnection get(int port, String path) throws IOException {
        return (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    }

    private static String text(HttpURLConnection answer) throws IOException {
        return new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void withoutADaemonThatIsSaid() throws InterruptedException {
        end();
        Screen.Shown shown = zlineage("status");
        assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
        assertThat(shown.err()).contains("no daemon answers", "zlineage daemon");
    }

    /** Two of them would run each task twice. */
    @Test
    void aSecondDaemonInTheSameDirectoryIsRefused() {
        Screen.Shown second = screen.zlineage(
                "daemon",
                folder.resolve("definition.yaml").toString(),
                "--state",
                folder.resolve("state").toString());
        assertThat(second.exit()).isNotZero();
        assertThat(second.err()).contains("store of tasks");
        assertThat(zlineage("status").exit()).isEqualTo(ExitCode.OK);
    }

    /** It would answer nothing, and run nothing; whoever has started it starts it again. */
    @Test
    void withItsServiceTheDaemonEnds() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("zlineage-zlineage-service"))
                .forEach(Thread::interrupt);
        assertThat(ended.join().exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.join().err()).contains("the service has ended by itself");
    }

    @Test
    void aDefinitionWithMistakesIsAnEventToo() throws IOException, InterruptedException {
        end();
        boot("--events");
        Files.writeString(folder.resolve("definition.yaml"), FILE.replace("yearly", "seldom"));
        until(() -> zlineage("status").out().contains("seldom"));
        Files.writeString(folder.resolve("definition.yaml"), FILE.replace("direction: push", "direction: up"));
        until(() -> screen.printed().contains("definition-refused"));
        end();
        List<Map<String, Object>> events =
                ended.join().out().lines().map(Json::object).toList();
        assertThat(events).anySatisfy(event -> {
            assertThat(event.get("event")).isEqualTo("defined");
            assertThat(event.get("tasks")).isEqualTo(List.of("copy", "seldom"));
        });
        assertThat(events).anySatisfy(event -> {
            assertThat(event.get("event")).isEqualTo("definition-refused");
            assertThat(event.get("mistakes").toString()).contains("direction");
        });
    }

    /** Nothing was begun that would have to be ended again, and one who says nothing does not keep the others from being answered. */
    @Test
    void whoHangsOnItsPortHoldsUpNobodyForLong() throws IOException, InterruptedException {
        end();
        try (ServerSocket taken = new ServerSocket(0)) {
            Screen.Shown shown = screen.zlineage(
                    "daemon",
                    folder.resolve("definition.yaml").toString(),
                    "--state",
                    folder.resolve("state").toString(),
                    "--metrics",
                    Integer.toString(taken.getLocalPort()));
            assertThat(shown.exit()).isEqualTo(ExitCode.BAD_REQUEST);
            assertThat(shown.err()).contains("--metrics: nothing can listen at");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        boot("--metrics", Integer.toString(port));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket("127.0.0.1", port);
                socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
                silent.add(socket);
            }
            assertThat(text(get(port, "/health"))).contains("up");
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().equals("zlineage-metrics"))
                    .hasSizeLessThanOrEqualTo(5);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
