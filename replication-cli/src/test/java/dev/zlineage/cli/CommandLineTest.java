// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final String[] RUN = {"run", "--source", "tank/data", "--target", "backup/data", "-r"};

    private final FakeZfs zfs = FakeZfs.builder()
            .pool("tank", 1L << 30)
            .pool("backup", 1L << 30)
            .pool("small", 1L << 20)
            .build();
    private final Screen screen = new Screen(zfs);

    @BeforeEach
    void tree() {
        for (String name : List.of("tank/data", "tank/data/a", "tank/data/b")) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(name), Map.of()))
                    .orThrow();
            write(name, "file", "contents of " + name);
        }
        snapshot("one");
    }

    private void write(String dataset, String file, String text) {
        zfs.write(DatasetName.of(dataset), file, text.getBytes(StandardCharsets.UTF_8));
    }

    private void snapshot(String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot(label)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    private String allOf(String pool) {
        return zfs.execute(new ZfsCommand.ListHistories(List.of(DatasetName.of(pool)), Scope.SUBTREE))
                .orThrow()
                .toString();
    }

    private static String[] with(String[] args, String... more) {
        return Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    @Test
    @DisplayName("run prints plan and result, then finds nothing to do")
    void runs() {
        Screen.Shown first = screen.zlineage(RUN);

        assertThat(first.err()).isEmpty();
        assertThat(first.exit()).isZero();
        assertThat(first.out())
                .startsWith("plan: tank/data -> backup/data on fake, with everything below")
                .contains("tank/data/a: send in full")
                .contains("result: 3 replicated (3 snapshots verified by GUID)");
        assertThat(zfs.contents(DatasetName.of("backup/data/b"))).containsEntry("file", "contents of tank/data/b");

        int sent = zfs.count(SendStream.class);
        Screen.Shown second = screen.zlineage(with(RUN, "--quiet"));
        assertThat(second.exit()).isZero();
        assertThat(second.out()).isEqualTo("result: 3 up to date\n");
        assertThat(zfs.count(SendStream.class)).isEqualTo(sent);
    }

    @Test
    @DisplayName("a dry run prints what plan prints, and changes nothing")
    void dryRun() {
        String before = allOf("tank") + allOf("backup");

        Screen.Shown dry = screen.zlineage(with(RUN, "--dry-run", "--snapshot"));
        Screen.Shown plan =
                screen.zlineage("plan", "--source", "tank/data", "--target", "backup/data", "-r", "--snapshot");

        assertThat(dry).isEqualTo(plan);
        assertThat(dry.out()).contains("take snapshot tank/data@zl-20260301T123000.125Z");
        assertThat(allOf("tank") + allOf("backup")).isEqualTo(before);
        assertThat(zfs.count(SendStream.class) + zfs.count(ReceiveStream.class)).isZero();
    }

    @Test
    @DisplayName("--explain tells of each snapshot what becomes of it")
    void explain() {
        String[] question = {"plan", "--source", "tank/data", "--target", "backup/data", "--matching=two"};

        assertThat(screen.zlineage(question).out())
                .contains("none of the source's snapshots is selected", "leaves out 1 snapshot by name")
                .doesNotContain("@one:");
        assertThat(screen.zlineage(with(question, "--explain")).out()).contains("@one: left out by its name");
    }

    @Test
    @DisplayName("--tagged sends snapshots that carry a user property")
    void tagged() {
        zfs.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank/data").snapshot("kept")),
                        Scope.SELF,
                        Map.of("org.example:keep", "yes")))
                .orThrow();

        Screen.Shown shown = screen.zlineage(with(RUN, "--tagged=org.example:keep=yes"));

        assertThat(shown.exit()).isZero();
        assertThat(allOf("backup")).contains("@kept").doesNotContain("@one");
        assertThat(screen.zlineage(with(RUN, "--tagged=keep", "--newest")).err())
                .contains("'keep' is no user property");
        assertThat(screen.zlineage(with(RUN, "--tagged=a:b", "--newest")).err()).contains("selected in 2 ways");
    }

    @Test
    @DisplayName("--snapshot takes one of the whole tree and sends it")
    void takesASnapshot() {
        Screen.Shown shown = screen.zlineage(with(RUN, "--snapshot=now", "--newest"));

        assertThat(shown.exit()).isZero();
        assertThat(allOf("backup")).contains("@now").doesNotContain("@one");
    }

    @Test
    @DisplayName("properties go along, others are set, and the form of the blocks is said")
    void properties() {
        zfs.execute(new ZfsCommand.SetProperties(
                        DatasetName.of("tank/data/a"), Map.of("compression", "gzip", "atime", "off", "org.x:a", "1")))
                .orThrow();
        String[] how = with(
                RUN,
                "--properties",
                "--exclude-property",
                "atime",
                "--set-property",
                "org.x:a=2=3",
                "--set-property=exec=off",
                "--no-large-blocks",
                "--no-compressed",
                "--embedded");

        Screen.Shown shown = screen.zlineage(how);

        assertThat(shown.exit()).isZero();
        assertThat(shown.out())
                .contains("  properties: those of the source, without atime, mountpoint, sharenfs, sharesmb; exec=off;"
                        + " org.x:a=2=3\n")
                .contains("  blocks: none over 128 KiB, not compressed, small ones embedded\n")
                .contains("@one, with properties\n");
        assertThat(value("backup/data/a", "compression")).isEqualTo("gzip");
        assertThat(value("backup/data/a", "atime")).isEqualTo("on");
        assertThat(value("backup/data/a", "org.x:a")).isEqualTo("2=3");
        assertThat(value("backup/data/b", "exec")).isEqualTo("off");
        assertThat(screen.zlineage(with(how, "--set-property=atime=on", "--set-property=readonly=off"))
                        .err())
                .contains("'atime' is set as well")
                .contains("'readonly' is what the readonly policy sets");
    }

    @Test
    @DisplayName("a key of the target's own comes from a file and is kept in one, and is shown nowhere")
    void encryption(@TempDir Path folder) throws IOException {
        String key = "0123456789abcdef".repeat(4);
        Path file = Files.writeString(folder.resolve("key"), key + "\n");
        String[] how = with(RUN, "--encryption", "hex", "--key-file", file.toString(), "--key-location", "/root/key");
        Screen.Shown shown = screen.zlineage(how);

        assertThat(shown.exit()).as("%s", shown).isZero();
        assertThat(shown.out())
                .contains("encryption: by a key of its own (hex), kept in /root/key")
                .doesNotContain(key);
        assertThat(value("backup/data", "keylocation")).isEqualTo("file:///root/key");
        assertThat(value("backup/data/a", "encryptionroot")).isEqualTo("backup/data");

        Screen.Shown half = screen.zlineage(with(RUN, "--encryption", "hex"));
        assertThat(half.exit()).isEqualTo(2);
        assertThat(half.err()).contains("--key-file: ").contains("--key-location: ");
        assertThat(screen.zlineage(with(RUN, "--key-location", "/root/key")).err())
                .contains("--key-location: it is for a key of the target's own");
        assertThat(screen.zlineage(with(RUN, "--encryption", "some")).err())
                .contains("'some' is none of inherit, hex, passphrase");
        Files.writeString(file, "abc");
        assertThat(screen.zlineage(how).err()).contains("encryption.key: it is 3 hexadecimal digits; give exactly 64");
    }

    @Test
    @DisplayName("a writable target is made read-only, refused or left, as --readonly says")
    void readonly() {
        screen.zlineage(RUN);
        zfs.execute(new ZfsCommand.SetProperties(DatasetName.of("backup/data/a"), Map.of("readonly", "off")))
                .orThrow();

        Screen.Shown required = screen.zlineage(with(RUN, "--readonly", "require"));
        assertThat(required.exit()).isEqualTo(4);
        assertThat(required.out()).contains("zfs set readonly=on backup/data/a");
        assertThat(screen.zlineage(with(RUN, "--readonly", "ignore")).exit()).isZero();
        assertThat(value("backup/data/a", "readonly")).isEqualTo("off");
        assertThat(screen.zlineage(RUN).out()).contains("first: make backup/data/a read-only");
        assertThat(value("backup/data/a", "readonly")).isEqualTo("on");
        assertThat(screen.zlineage(with(RUN, "--readonly", "perhaps")).err())
                .contains("--readonly: 'perhaps' does not fit");
    }

    private String value(String dataset, String property) {
        return zfs.execute(new ZfsCommand.GetProperties(List.of(DatasetName.of(dataset)), List.of(property)))
                .orThrow()
                .get(0)
                .value();
    }

    @Test
    @DisplayName("a dataset that someone wrote to is refused with exit code 4, the others go on")
    void refuses() {
        screen.zlineage(RUN);
        zfs.execute(new ZfsCommand.SetProperties(DatasetName.of("backup/data/a"), Map.of("readonly", "off")))
                .orThrow();
        write("backup/data/a", "mine", "precious");
        snapshot("two");

        assertThat(screen.zlineage(with(RUN, "-n")).exit()).isEqualTo(4);
        Screen.Shown shown = screen.zlineage(RUN);

        assertThat(shown.exit()).isEqualTo(4);
        assertThat(shown.out())
                .contains("2 replicated (2 snapshots verified by GUID), 1 refused")
                .contains("REFUSED")
                .contains("(--diverged roll-back)");
        assertThat(zfs.contents(DatasetName.of("backup/data/a"))).containsEntry("mine", "precious");
    }

    @Test
    @DisplayName("verify compares by GUID, with --deep by contents, and tells by its exit code")
    void verifies() {
        String[] verify = {"verify", "--source", "tank/data", "--target", "backup/data", "-r"};
        assertThat(screen.zlineage(verify).exit()).isEqualTo(6);
        screen.zlineage(RUN);

        Screen.Shown guids = screen.zlineage(verify);
        assertThat(guids.exit()).as(guids.out()).isZero();
        assertThat(guids.out()).contains("by GUID alone").contains("result: 3 same");
        assertThat(zfs.count(ZfsCommand.ReadContents.class)).isZero();
        assertThat(screen.zlineage(with(verify, "--deep")).exit()).isZero();

        zfs.damage(DatasetName.of("backup/data/b"), "file");
        Screen.Shown deep = screen.zlineage(with(verify, "--deep", "--all-snapshots"));
        assertThat(deep.exit()).isEqualTo(6);
        assertThat(deep.err()).isEmpty();
        assertThat(deep.out())
                .contains("is damaged on the target and can't be read: file")
                .contains("way out: look at zpool status")
                .contains("result: 2 same, 1 different");
        assertThat(screen.zlineage(verify).exit())
                .as("by GUID nothing is wrong")
                .isZero();
        Map<String, Object> json = Json.object(
                screen.zlineage(with(verify, "--deep", "--at", "one", "--json")).out());
        assertThat(json).containsEntry("format", "zlineage.verify/1").containsEntry("same", false);
    }

    @Test
    @DisplayName("verify tells what it could not read by exit code 1, and bad arguments by 2")
    void verifyFails() {
        String[] verify = {"verify", "--source", "tank/data", "--target", "backup/data"};
        screen.zlineage(RUN);

        assertThat(screen.zlineage(with(verify, "--deep", "--at", "none")).exit())
                .isEqualTo(1);
        zfs.failNext(c -> c instanceof ZfsCommand.ReadContents, ZfsFailure.Kind.NO_PERMISSION);
        Screen.Shown refused = screen.zlineage(with(verify, "--deep"));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out())
                .contains("NOT COMPARED")
                .contains("could not be read")
                .contains("way out: run zfs as root");
        Screen.Shown shallow = screen.zlineage(with(verify, "--at", "one"));
        assertThat(shallow.exit()).isEqualTo(2);
        assertThat(shallow.err()).contains("--at: tells what --deep reads");
        assertThat(screen.zlineage(with(verify, "--deep", "--at", "one", "--all-snapshots"))
                        .exit())
                .isEqualTo(2);
    }

    @Test
    @DisplayName(
            "what can't fit is refused with exit code 4; begun all the same, it fails with 1, and says what it left")
    void poolFull() {
        write("tank/data", "large", "x".repeat(3 << 20));
        snapshot("two");
        String[] run = {"run", "--source", "tank/data", "--target", "small/data", "--newest", "-q"};

        Screen.Shown refused = screen.zlineage(run);
        assertThat(refused.exit()).isEqualTo(4);
        assertThat(refused.out()).contains("small has").contains("--ignore-room");
        Screen.Shown shown = screen.zlineage(with(run, "--ignore-room"));

        assertThat(shown.exit()).isEqualTo(1);
        assertThat(shown.out())
                .contains("FAILED")
                .containsIgnoringCase("space")
                .contains("way out: make room")
                .contains("zfs receive -A small/data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "run"})
    @DisplayName("what can't be meant is said in one message")
    void badRequests(String command) {
        Screen.Shown missing = screen.zlineage(command, "--source", "tank/none", "--target", "backup/none");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err()).contains("the source does not exist: there is no tank/none on fake");

        Screen.Shown noPool = screen.zlineage(command, "--source", "tank/data", "--target", "nopool/data");
        assertThat(noPool.exit()).isEqualTo(2);
        assertThat(noPool.err()).contains("the pool of the target does not exist: there is no nopool on fake");

        Screen.Shown below = screen.zlineage(command, "--source", "tank/data", "--target", "tank/data/a/b", "-r");
        assertThat(below.exit()).isEqualTo(2);
        assertThat(below.err()).contains("--target: 'tank/data/a/b' can't be the target: it lies inside the source");

        Screen.Shown above = screen.zlineage(command, "--source", "tank/data/a", "--target", "tank/data");
        assertThat(above.exit()).isEqualTo(2);
        assertThat(above.err()).contains("the source tank/data/a lies inside it");

        assertThat(List.of(missing, noPool, below, above))
                .allSatisfy(shown -> assertThat(shown.out()).isEmpty())
                .allSatisfy(shown ->
                        assertThat(shown.err()).doesNotContain("Exception").startsWith("zlineage: "));
    }

    @Test
    @DisplayName("everything that is wrong with the arguments is named at once")
    void allProblemsAtOnce() {
        Screen.Shown shown =
                screen.zlineage("run", "--source", "tank//data", "--parallel", "many", "--bogus", "--matching", "(");

        assertThat(shown.exit()).isEqualTo(2);
        assertThat(shown.out()).isEmpty();
        assertThat(shown.err().lines())
                .hasSize(7)
                .anyMatch(l -> l.contains("5 problems"))
                .anyMatch(l -> l.contains("--source: 'tank//data' is no valid dataset name"))
                .anyMatch(l -> l.contains("--target: is missing"))
                .anyMatch(l -> l.contains("--parallel: 'many' does not fit"))
                .anyMatch(l -> l.contains("--bogus: there is no such option"))
                .anyMatch(l -> l.contains("--matching: "))
                .anyMatch(l -> l.equals("Try 'zlineage help run'."));
        assertThat(screen.programs()).isEmpty();
    }

    @Test
    @DisplayName("names with odd characters are repeated as they are")
    void oddNames() {
        Screen.Shown shown = screen.zlineage("run", "--source", "tank/b%d", "--target", "-rf");

        assertThat(shown.exit()).isEqualTo(2);
        assertThat(shown.err()).contains("tank/b%d").contains("--target").doesNotContain("Exception");
    }

    @Test
    @DisplayName("a command that does not exist is bad usage")
    void noSuchCommand() {
        Screen.Shown shown = screen.zlineage("replicate");

        assertThat(shown.exit()).isEqualTo(2);
        assertThat(shown.err()).contains("replicate: there is no such command");
    }

    @Test
    @DisplayName("a host that can't be reached is exit code 3")
    void unreachable() {
        zfs.failNext(c -> true, ZfsFailure.Kind.HOST_UNREACHABLE);

        Screen.Shown shown = screen.zlineage(RUN);

        assertThat(shown.exit()).isEqualTo(3);
        assertThat(shown.err()).startsWith("zlineage: ").contains("--zfs PATH").doesNotContain("Exception");
    }

    @Test
    @DisplayName("a stack trace only when it is asked for")
    void verbose() {
        zfs.failNext(c -> true, ZfsFailure.Kind.UNKNOWN);

        Screen.Shown shown = screen.zlineage(with(RUN, "-v"));

        assertThat(shown.exit()).isEqualTo(1);
        assertThat(shown.err()).contains(ZfsException.class.getName());
    }

    @Test
    @DisplayName("--zfs and --sudo tell how zfs is started")
    void programs() {
        screen.zlineage(RUN);
        screen.zlineage(with(RUN, "--zfs", "/sbin/zfs", "--sudo"));

        assertThat(screen.programs()).containsExactly(List.of("zfs"), List.of("sudo", "-n", "/sbin/zfs"));
    }

    @Test
    @DisplayName("with --json there is one document on standard output and nothing else")
    void json() {
        Screen.Shown plan = screen.zlineage("plan", "--source", "tank/data", "--target", "backup/data", "-r", "--json");
        assertThat(plan.err()).isEmpty();
        assertThat(Json.object(plan.out())).containsEntry("format", "zlineage.plan/1");

        Screen.Shown run = screen.zlineage(with(RUN, "--json"));
        assertThat(run.err()).isEmpty();
        Map<String, Object> document = Json.object(run.out());
        assertThat(document)
                .containsOnlyKeys("format", "plan", "result", "events")
                .containsEntry("format", "zlineage.run/1");
        assertThat(document.get("plan")).isEqualTo(Json.object(plan.out()));
        assertThat((Map<?, ?>) document.get("result"))
                .satisfies(r -> assertThat(r.get("success")).isEqualTo(true));

        Screen.Shown wrong = screen.zlineage("run", "--source", "tank//data", "--json");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).isEmpty();
        Map<String, Object> error = Json.object(wrong.out());
        assertThat(error).containsEntry("format", "zlineage.error/1").containsEntry("kind", "usage");
        assertThat((List<?>) error.get("problems")).hasSize(2);

        Screen.Shown missing = screen.zlineage("run", "--source", "tank/none", "--target", "backup/none", "--json");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(Json.object(missing.out())).containsEntry("kind", "no-such-dataset");
    }

    @Test
    @DisplayName("progress is drawn on a terminal, on standard error, and wiped at the end")
    void progress() {
        Screen.Shown shown = new Screen(zfs, true).zlineage(RUN);

        assertThat(shown.err()).startsWith("\rstream 1 of 3").endsWith("\r\u001b[K");
        assertThat(shown.out()).doesNotContain("\r");
        assertThat(new Screen(zfs, true).zlineage(with(RUN, "-q")).err()).isEmpty();
    }

    @Test
    @DisplayName("--estimate tells beforehand how much there is to send, and progress counts on it")
    void estimate() {
        Screen.Shown plan =
                screen.zlineage("plan", "--source", "tank/data", "--target", "backup/data", "-r", "--estimate");

        assertThat(plan.out()).containsPattern("snapshots to send, about [0-9.]+ (B|KiB)");
        assertThat(zfs.count(SendStream.class)).isZero();
        assertThat(new Screen(zfs, true).zlineage(with(RUN, "--estimate")).err())
                .containsPattern("; [0-9]+% of about");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "plan", "run", "verify", "schema"})
    @DisplayName("help teaches: usage, examples, exit codes, and fits a terminal")
    void help(String command) {
        Screen.Shown asked = command.isEmpty() ? screen.zlineage("help") : screen.zlineage("help", command);
        Screen.Shown option = command.isEmpty() ? screen.zlineage("-h") : screen.zlineage(command, "--help");

        assertThat(asked.exit()).isZero();
        assertThat(asked).isEqualTo(option);
        assertThat(asked.out()).contains("Usage: zlineage").contains("Example").contains("Exit codes:");
        assertThat(asked.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    @DisplayName("help of run says what is never done")
    void helpOfRun() {
        assertThat(screen.zlineage("help", "run").out()).contains("Nothing of yours is destroyed");
        assertThat(screen.zlineage("--version").out()).startsWith("zlineage ");
    }

    @Test
    @DisplayName("the demo holds all of its checks, and is the same each time")
    void demo() {
        Screen.Shown shown = screen.zlineage("demo");

        assertThat(shown.exit()).as(shown.out()).isZero();
        assertThat(shown.out())
                .contains("4 datasets: 4 in full; 4 snapshots to send")
                .contains("series    @mon -> @tue, 3 snapshots: @tue-09 @tue-12 @tue")
                .contains("result: 5 up to date")
                .contains("REFUSED")
                .contains("only a bookmark of it")
                .contains("Every check held.")
                .doesNotContain("\u001b");
        assertThat(shown.out().chars()).allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
        assertThat(screen.zlineage("demo")).isEqualTo(shown);
    }
}
