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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens in a run, as a script reads it: each line by a strict parser. */
class EventsTest {

    private static final String[] RUN = {"run", "--source", "tank/data", "--target", "backup/data", "-r"};

    private static final String FILE = """
            replication-tasks:
              copy:
                direction: push
                transport: {type: local}
                source-dataset: tank/data
                target-dataset: backup/data
                recursive: true
                also-include-naming-schema: auto-%Y-%m-%d_%H-%M
                properties: false
                retention-policy: none
            """;

    @TempDir
    private Path folder;

    private final FakeZfs zfs = FakeZfs.builder().seed(1).build();
    private final Screen screen = new Screen(zfs);

    @BeforeEach
    void tree() {
        for (String name : List.of("tank/data", "tank/data/a")) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
            zfs.write(DatasetName.of(name), "file", new byte[1000]);
        }
        zfs.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/data").snapshot("auto-2026-01-01_00-00")),
                        Scope.SUBTREE,
                        Map.of()))
                .orThrow();
    }

    private static List<Map<String, Object>> lines(Screen.Shown shown) {
        List<Map<String, Object>> all = new ArrayList<>();
        shown.out().lines().forEach(line -> all.add(Json.object(line)));
        return all;
    }

    private static Set<Object> names(List<Map<String, Object>> events) {
        Set<Object> names = new LinkedHashSet<>();
        events.forEach(event -> names.add(event.get("event")));
        return names;
    }

    private static List<Map<String, Object>> of(List<Map<String, Object>> lines, String event, String source) {
        return lines.stream()
                .filter(line -> event.equals(line.get("event")) && source.equals(line.get("source")))
                .toList();
    }

    @Test
    void aLineForEachEventAndTheDocumentOnTheLast() {
        Screen.Shown shown = screen.zlineage(with("--events"));
        List<Map<String, Object>> lines = lines(shown);
        Map<String, Object> document = lines.remove(lines.size() - 1);

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.err()).isEmpty();
        assertThat(document).containsEntry("format", "zlineage.run/1").containsKeys("plan", "result");
        assertThat(document).doesNotContainKeys("event", "events");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("v", 1L)
                        .containsEntry("at", "2026-03-01T12:30:00.125Z")
                        .containsKey("event")
                        .doesNotContainKeys("task", "format"));
        assertThat(lines.get(0)).containsEntry("event", "started").containsEntry("streams", 2L);
        assertThat(lines.get(lines.size() - 1)).containsEntry("event", "ended").containsEntry("success", true);
        assertThat(of(lines, "began", "tank/data/a"))
                .singleElement()
                .satisfies(began -> assertThat(began)
                        .containsEntry("target", "backup/data/a")
                        .containsEntry("snapshot", "auto-2026-01-01_00-00")
                        .containsEntry("snapshots", 1L)
                        .doesNotContainKey("baseGuid"));
        assertThat(of(lines, "brought", "tank/data/a"))
                .singleElement()
                .satisfies(brought -> assertThat((long) brought.get("bytes")).isPositive());
        assertThat(of(lines, "finished", "tank/data/a"))
                .singleElement()
                .satisfies(finished -> assertThat(finished.get("result").toString())
                        .contains("outcome=replicated", "name=auto-2026-01-01_00-00"));
    }

    @Test
    void anAttemptThatFailsIsTold() {
        zfs.cutNextStream(10);
        List<Map<String, Object>> lines = lines(screen.zlineage(with("--events", "--parallel", "1")));

        assertThat(of(lines, "retry", "tank/data"))
                .singleElement()
                .satisfies(
                        retry -> assertThat(retry).containsKeys("failure", "message", "command", "delayMilliseconds"));
        assertThat(of(lines, "began", "tank/data")).as("it is begun again").hasSize(2);
    }

    @Test
    void theDocumentAloneHasThemAllButTheProgress() {
        Map<String, Object> document =
                Json.object(screen.zlineage(with("--json")).out());
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> events = (List<Map<String, Object>>) document.get("events");

        assertThat(names(events)).contains("started", "began", "brought", "finished", "ended");
        assertThat(names(events)).doesNotContain("progress");
    }

    @Test
    void eventsOfADefinitionHaveTheirTask() throws IOException {
        String file = Files.writeString(folder.resolve("d.yaml"), FILE).toString();
        List<Map<String, Object>> lines = lines(screen.zlineage("run", file, "--events", "--quiet"));
        Map<String, Object> document = lines.remove(lines.size() - 1);
        Map<String, Object> again =
                Json.object(screen.zlineage("run", file, "--json").out());

        assertThat(document).containsEntry("format", "zlineage.tick/1").containsEntry("verdict", "done");
        assertThat(lines).allSatisfy(line -> assertThat(line).containsEntry("task", "copy"));
        assertThat(of(lines, "finished", "tank/data/a")).hasSize(1);
        assertThat(again.get("events").toString()).contains("task=copy", "event=finished");
    }

    @Test
    void whatIsWrongIsALineToo() throws IOException {
        String bad = Files.writeString(folder.resolve("d.yaml"), FILE.replace("push", "sideways"))
                .toString();

        for (Screen.Shown shown : List.of(
                screen.zlineage("run", "--events", "--source", "tank//x"),
                screen.zlineage("run", bad, "--events"),
                screen.zlineage("run", "--events", "--source", "tank/gone", "--target", "backup/x"))) {
            assertThat(shown.exit()).isNotZero();
            assertThat(lines(shown))
                    .singleElement()
                    .satisfies(line -> assertThat(line).containsEntry("format", "zlineage.error/1"));
        }
        assertThat(lines(screen.zlineage(with("--events", "--dry-run"))))
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("format", "zlineage.plan/1"));
    }

    private static String[] with(String... more) {
        List<String> args = new ArrayList<>(List.of(RUN));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }
}
