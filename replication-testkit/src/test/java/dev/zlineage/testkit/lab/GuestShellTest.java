// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The shell that stays, here instead of in a guest: what comes back is what each command did, and nothing of another. */
class GuestShellTest {

    private static final String HOSTILE = " a'b\"c\\d$HOME`id`\t*\n~#;&|<>(){}[]!é\n";

    private final GuestShell shell = new GuestShell(List.of("bash", "-c"));

    @AfterEach
    void close() {
        shell.close();
    }

    private List<CommandOutcome> run(CommandLine... commands) {
        return new GuestCommandRunner(shell).run(List.of(commands));
    }

    @Test
    @DisplayName("each command of a batch has its own output, errors, code and input, whatever became of the others")
    void batch() {
        byte[] input = HOSTILE.getBytes(StandardCharsets.UTF_8);
        assertThat(run(
                        new CommandLine(List.of("printf", "%s", HOSTILE)),
                        new CommandLine(List.of("sh", "-c", "echo no >&2; exit 7")),
                        new CommandLine(List.of("cat"), input),
                        new CommandLine(List.of("cat")),
                        new CommandLine(List.of("sh", "-c", "printf 'a\\0b\\0'; echo no >&2")),
                        new CommandLine(List.of("no-such-program"))))
                .startsWith(
                        new Exited(0, HOSTILE, ""),
                        new Exited(7, "", "no\n"),
                        new Exited(0, HOSTILE, ""),
                        new Exited(0, "", ""),
                        new Exited(0, "a\0b\0", "no\n"))
                .last()
                .isInstanceOfSatisfying(
                        Exited.class, exited -> assertThat(exited.exitCode()).isEqualTo(127));
    }

    @Test
    @DisplayName("a script ends at its first failing command, by itself, and leaves nothing to the next")
    void script() {
        assertThat(shell.sh("cd /usr; x=1; printf '<%s>' \"$@\"", HOSTILE, "", "-n"))
                .isEqualTo("<" + HOSTILE + "><><-n>");
        assertThatThrownBy(() -> shell.sh("set -euo pipefail\necho first; false | cat; echo never", "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("exit 1");
        assertThat(shell.sh("echo \"${x-unset} $#\"; set -e; exit 0")).isEqualTo("unset 0\n");
    }

    @Test
    @DisplayName("who comes while it is busy waits, and gets the own answer")
    void together() {
        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(i -> shell.sh("echo \"$1\"", Integer.toString(i)))
                        .toList())
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> i + "\n").toList());
    }
}
