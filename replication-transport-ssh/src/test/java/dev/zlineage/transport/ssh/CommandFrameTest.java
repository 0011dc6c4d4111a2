// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames answered by a real {@code sh}, and by connections that break. */
class CommandFrameTest {

    static final NotRun LOST = new NotRun(Reason.UNREACHABLE, "lost");

    static final SshEndpoint NAS =
            SshEndpoint.of("backup", "nas").privateKey(Path.of("id")).build();

    private static final LoginShell SH = LoginShell.of("sh");

    static CommandLine sh(String script) {
        return new CommandLine(List.of("sh", "-c", script));
    }

    private static CommandFrame frame(CommandLine... commands) {
        return new CommandFrame(NAS, List.of(commands));
    }

    static List<CommandOutcome> run(LoginShell shell, CommandFrame frame) throws IOException {
        shell.run(RemoteScript.COMMANDS, frame::send, frame.stdout()::add, frame.stderr()::add);
        return frame.outcomes(LOST);
    }

    private static CommandOutcome run(CommandLine command) throws IOException {
        return run(SH, frame(command)).get(0);
    }

    @Test
    void outcomesComeInOrderWhateverCameBefore() throws IOException {
        List<CommandOutcome> outcomes = run(
                SH,
                frame(
                        sh("echo out; echo err >&2; exit 3"),
                        sh("printf 'no line feed'; printf none >&2"),
                        sh("true"),
                        sh("kill -TERM $$"),
                        sh("printf '\\n\\n'; printf '\\000\\001' >&2")));

        assertThat(outcomes.subList(0, 3))
                .containsExactly(
                        new Exited(3, "out\n", "err\n"), new Exited(0, "no line feed", "none"), new Exited(0, "", ""));
        assertThat(((Exited) outcomes.get(3)).exitCode()).isEqualTo(143);
        assertThat(outcomes.get(4)).isEqualTo(new Exited(0, "\n\n", "\0\u0001"));
    }

    @Test
    void aCommandReadsItsOwnInputAndNothingElse() throws IOException {
        byte[] key = new byte[256];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        CommandFrame frame = frame(
                sh("cat"),
                new CommandLine(List.of("od", "-An", "-v", "-tu1"), key),
                new CommandLine(List.of("true"), new byte[100_000]),
                sh("cat"),
                new CommandLine(List.of("sh", "-c", "cat; exit 9"), "pass phrase\n".getBytes(StandardCharsets.UTF_8)));
        List<CommandOutcome> outcomes = run(SH, frame);

        assertThat(outcomes.get(0)).isEqualTo(new Exited(0, "", ""));
        String[] bytes = ((Exited) outcomes.get(1)).stdout().strip().split("\\s+");
        assertThat(bytes).hasSize(256);
        assertThat(Arrays.stream(bytes).mapToInt(Integer::parseInt)).containsExactly(numbers());
        assertThat(outcomes.subList(2, 5))
                .containsExactly(new Exited(0, "", ""), new Exited(0, "", ""), new Exited(9, "pass phrase\n", ""));
    }

    private static Integer[] numbers() {
        Integer[] numbers = new Integer[256];
        Arrays.setAll(numbers, i -> i);
        return numbers;
    }

    /** What a command reads is in the request only, so nobody sees it among arguments. */
    @Test
    void aSecretIsNoArgument() throws IOException {
        CommandLine line = new CommandLine(
                List.of("sh", "-c", "cat >/dev/null; ps -eo args"), "squeamish".getBytes(StandardCharsets.UTF_8));
        String processes = ((Exited) run(line)).stdout();

        assertThat(processes).contains("zlineage").doesNotContain("squeamish", "0163");
    }

    @Test
    void muchOnBothOutputs() throws IOException {
        String rows = "i=0; while [ $i -lt 100 ]; do printf '%s' \"$r\"; i=$((i+1)); done";
        Exited outcome =
                (Exited) run(sh("r=$(yes 'tank/data@auto-2026-01-01_00-00 1234567890123456789 1234' | head -n 1000);"
                        + rows + "; (" + rows + ") >&2"));

        assertThat(outcome.stdout().length())
                .isEqualTo(outcome.stderr().length())
                .isGreaterThan(5_000_000);
    }

    @Test
    void manyNamesInOneCommand() throws IOException {
        List<String> argv = new ArrayList<>(List.of("printf", "%s\\n"));
        argv.addAll(Collections.nCopies(1_500, "tank/home/somebody-with-a-rather-long-name@auto-2026-01-01_00-00"));

        assertThat(((Exited) run(new CommandLine(argv))).stdout().lines()).hasSize(1_500);

        argv = new ArrayList<>(argv.subList(0, 300));
        argv.set(299, "tank/home/some body");
        assertThat(((Exited) run(new CommandLine(argv))).stdout().lines())
                .hasSize(298)
                .last()
                .isEqualTo("tank/home/some body");
    }

    @Test
    void aMissingProgramIsNamedWithThePath() throws IOException {
        NotRun outcome = (NotRun) run(new CommandLine(List.of("no-such-program", "list")));

        assertThat(outcome.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(outcome.text()).contains("'no-such-program'", "backup@nas", ":/usr/sbin:", "not found");
    }

    @Test
    void aCommandThatCannotBeCarriedIsAnsweredAndTheOthersRun() throws IOException {
        List<CommandOutcome> outcomes =
                run(SH, frame(sh("echo 1"), new CommandLine(List.of("zfs", "a\0b")), sh("echo 3")));

        assertThat(outcomes.get(0)).isEqualTo(new Exited(0, "1\n", ""));
        assertThat(((NotRun) outcomes.get(1)).text()).contains("zero byte");
        assertThat(outcomes.get(2)).isEqualTo(new Exited(0, "3\n", ""));
    }

    @Test
    void sudoThatAsksForAPasswordSaysWhatToAllow() throws IOException {
        String text = "sudo: a password is required\n";
        Exited outcome = fakeAnswer(List.of("sudo", "-n", "zfs", "list"), 1, text);

        assertThat(outcome.stderr())
                .endsWith(text)
                .contains("sudo on nas asks for a password for backup", "backup ALL=(root) NOPASSWD: /usr/sbin/zfs");
        assertThat(fakeAnswer(List.of("doas", "-n", "zfs"), 1, "doas: Authorization required\n")
                        .stderr())
                .contains("permission denied", "permit nopass backup cmd zfs");
        assertThat(fakeAnswer(List.of("doas", "-n", "zfs"), 1, "doas: Authentication required\n")
                        .stderr())
                .startsWith("doas on nas asks for a password for backup");
        assertThat(fakeAnswer(List.of("doas", "-n", "zfs"), 1, "doas: Operation not permitted\n")
                        .stderr())
                .startsWith("doas on nas does not let backup run zfs");
        assertThat(fakeAnswer(List.of("zfs", "list"), 1, text).stderr()).isEqualTo(text);
        assertThat(fakeAnswer(List.of("sudo", "-n", "zfs"), 1, "cannot open 'a': dataset does not exist\n")
                        .stderr())
                .startsWith("cannot open");
    }

    private static Exited fakeAnswer(List<String> argv, int code, String errors) {
        CommandFrame frame = new CommandFrame(NAS, List.of(new CommandLine(argv)), "M", 1000);
        add(frame.stdout(), "M 0 /bin\nM " + code + "\n");
        add(frame.stderr(), "M 0 /bin\n" + errors + "M " + code + "\n");
        return (Exited) frame.outcomes(LOST).get(0);
    }

    static void add(FrameReader reader, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        reader.add(bytes, bytes.length);
    }

    @Test
    void whatALoginPrintsIsNoOutputOfACommand() throws IOException {
        CommandFrame frame = frame(sh("echo 1"));
        SH.run(
                "echo Welcome; echo beware >&2; " + RemoteScript.COMMANDS,
                frame::send,
                frame.stdout()::add,
                frame.stderr()::add);

        assertThat(frame.outcomes(LOST)).containsExactly(new Exited(0, "1\n", ""));
        assertThat(frame.unasked()).isEqualTo("Welcome\nbeware");
    }

    @Test
    void aHostThatDoesNotRunTheCommandsIsHeard() throws IOException {
        CommandFrame frame = frame(sh("echo 1"));
        SH.run("echo 'This service allows sftp only.'", frame::send, frame.stdout()::add, frame.stderr()::add);

        assertThat(frame.isComplete()).isFalse();
        assertThat(frame.outcomes(LOST)).containsExactly(LOST);
        assertThat(frame.unasked()).isEqualTo("This service allows sftp only.");
    }

    /** Wherever the answer is cut, what had come whole is told, and of the rest that its end is not known. */
    @Test
    void aConnectionThatBreaksKeepsWhatIsKnown() {
        byte[] out = "M 0 /bin\noneM 0\ntwoM 2\nthreeM 0\n".getBytes(StandardCharsets.UTF_8);
        List<CommandOutcome> whole =
                List.of(new Exited(0, "one", ""), new Exited(2, "two", ""), new Exited(0, "three", ""));
        for (int cut = 0; cut <= out.length; cut++) {
            CommandFrame frame = new CommandFrame(NAS, List.of(sh("1"), sh("2"), sh("3")), "M", 1000);
            frame.stdout().add(out, cut);
            List<CommandOutcome> outcomes = frame.outcomes(LOST);

            int known = (int) outcomes.stream().filter(Exited.class::isInstance).count();
            assertThat(outcomes.subList(0, known)).isEqualTo(whole.subList(0, known));
            assertThat(outcomes.subList(known, 3)).allMatch(LOST::equals);
            assertThat(frame.isComplete()).isEqualTo(known == 3);
        }
    }

    /** A line that lost its end could be a shorter name: {@code destroy tank/data} of {@code tank/data@old}. */
    @Test
    void aRequestThatIsCutRunsNoHalfLine() throws IOException {
        CommandLine command = new CommandLine(List.of("echo", "whole"), "key".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        new CommandFrame(NAS, List.of(command), "M", 1000).send(request);
        byte[] bytes = request.toByteArray();
        for (int cut = 0; cut < bytes.length; cut++) {
            int length = cut;
            CommandFrame frame = new CommandFrame(NAS, List.of(command), "M", 1000);
            SH.run(
                    RemoteScript.COMMANDS,
                    stdin -> stdin.write(bytes, 0, length),
                    frame.stdout()::add,
                    frame.stderr()::add);
            assertThat(frame.outcomes(LOST)).as("cut at " + cut).containsExactly(LOST);
            assertThat(frame.stdout().rest()).isEmpty();
        }
    }

    @Test
    void anOutputThatIsTooLongIsNotKept() {
        CommandFrame frame = new CommandFrame(NAS, List.of(sh("1"), sh("2")), "M", 10);
        add(frame.stdout(), "M 0 /\nshortM 0\n");

        assertThat(frame.stdout().add("01234567890".getBytes(StandardCharsets.UTF_8), 11))
                .isFalse();
        assertThat(frame.outcomes(LOST)).containsExactly(new Exited(0, "short", ""), LOST);
    }

    /** However the bytes arrive. */
    @Test
    void marksAreFoundWhereverReadsEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] out = "noiseMMARK 0 /bin\nMARMARK 1\nMAR\nMARK 2\nMARK 3\nrest MARK".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 500; round++) {
            FrameReader reader = new FrameReader("MARK", 1000);
            for (int at = 0; at < out.length; ) {
                int n = Math.min(out.length - at, 1 + random.nextInt(7));
                reader.add(Arrays.copyOfRange(out, at, at + n), n);
                at += n;
            }
            assertThat(reader.sections())
                    .as("seed " + seed)
                    .containsExactly(
                            new FrameReader.Section("noiseM", "0 /bin"),
                            new FrameReader.Section("MAR", "1"),
                            new FrameReader.Section("MAR\n", "2"),
                            new FrameReader.Section("", "3"));
            assertThat(reader.rest()).isEqualTo("rest MARK");
        }
    }
}
