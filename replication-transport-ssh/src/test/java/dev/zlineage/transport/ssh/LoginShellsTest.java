// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shells that a user may log in with, and those that {@code sh} may be. A shell that is not installed fails its test:
 * whoever chooses the tier has them all.
 */
@Tag("shells")
class LoginShellsTest {

    static Stream<LoginShell> login() {
        return Stream.of(
                LoginShell.of("dash"),
                LoginShell.of("bash"),
                LoginShell.of("rbash"),
                LoginShell.of("bsd-csh"),
                LoginShell.of("tcsh"),
                LoginShell.of("fish"),
                LoginShell.of("zsh"),
                LoginShell.of("ksh"),
                LoginShell.of("mksh"),
                LoginShell.of("busybox", "sh"));
    }

    /** What {@code sh} may be; it is named so, since several behave by their name. */
    static Stream<String> posix() {
        return Stream.of("dash", "bash", "busybox", "ksh", "zsh");
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("login")
    void everyHostileArgumentReachesTheProgram(LoginShell shell) throws IOException {
        HostileArguments.assertReach(shell, HostileArguments.each(), "each alone");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            HostileArguments.assertReach(shell, HostileArguments.some(random), "seed " + seed + ", round " + round);
        }
    }

    @ParameterizedTest
    @MethodSource("login")
    void framesTravel(LoginShell shell) throws IOException {
        assertFrameTravels(shell);
    }

    @ParameterizedTest
    @MethodSource("posix")
    void whateverShIs(String program) throws IOException {
        Files.copy(find(program), folder.resolve("sh"), StandardCopyOption.COPY_ATTRIBUTES);
        LoginShell shell = LoginShell.of("bash").with("PATH", folder + ":" + System.getenv("PATH"));

        assertFrameTravels(shell);
        HostileArguments.assertReach(shell, HostileArguments.each(), "each alone");
    }

    /** One whose {@code printf} is a program shows its arguments to everybody. */
    @Test
    void aSecretIsRefusedWhereItWouldBeSeen() throws IOException {
        Files.copy(find("mksh"), folder.resolve("sh"), StandardCopyOption.COPY_ATTRIBUTES);
        LoginShell shell = LoginShell.of("bash").with("PATH", folder + ":" + System.getenv("PATH"));
        CommandFrame frame = new CommandFrame(
                CommandFrameTest.NAS,
                List.of(
                        new CommandLine(List.of("cat"), "secret".getBytes(StandardCharsets.UTF_8)),
                        new CommandLine(List.of("echo", "a b"))));
        List<CommandOutcome> outcomes = CommandFrameTest.run(shell, frame);

        assertThat(((NotRun) outcomes.get(0)).text()).contains("would show a secret");
        assertThat(outcomes.get(1)).isEqualTo(new Exited(0, "a b\n", ""));
    }

    private static void assertFrameTravels(LoginShell shell) throws IOException {
        byte[] key = "\0key \\ % ' \n".getBytes(StandardCharsets.UTF_8);
        CommandFrame frame = new CommandFrame(
                CommandFrameTest.NAS,
                List.of(
                        CommandFrameTest.sh("echo 'out!'; printf '%s' 'err\n' >&2; exit 3"),
                        new CommandLine(List.of("cat"), key),
                        CommandFrameTest.sh("cat; yes | head -n 100000"),
                        new CommandLine(List.of("no-such-program")),
                        new CommandLine(List.of("printf", "%s", "a\n\n"))));
        List<CommandOutcome> outcomes = CommandFrameTest.run(shell, frame);

        assertThat(outcomes.get(0)).isEqualTo(new Exited(3, "out!\n", "err\n"));
        assertThat(outcomes.get(1)).isEqualTo(new Exited(0, new String(key, StandardCharsets.UTF_8), ""));
        assertThat(((Exited) outcomes.get(2)).stdout()).hasSize(200_000);
        assertThat(((NotRun) outcomes.get(3)).text()).contains("no-such-program", "not found");
        assertThat(outcomes.get(4)).isEqualTo(new Exited(0, "a\n\n", ""));
        assertThat(frame.isComplete()).isTrue();
    }

    private static Path find(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError(program + " is not installed, and this tier needs it"));
    }
}
