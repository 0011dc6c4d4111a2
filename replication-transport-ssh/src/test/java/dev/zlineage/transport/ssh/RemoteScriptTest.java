// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteScriptTest {

    private static final LoginShell SH = LoginShell.of("sh");

    @Test
    void standsBetweenApostrophesInEveryShell() {
        String script = RemoteScript.COMMANDS.substring("sh -c '".length(), RemoteScript.COMMANDS.lastIndexOf('\''));

        assertThat(script).doesNotContain("'", "!", "\n", "\\\\", "eval").hasSizeLessThan(1024);
        assertThat(script.chars()).allMatch(c -> c >= ' ' && c < 127);
    }

    @Test
    void aProgramKeepsItsStreamsAndItsExitCode() throws IOException {
        LoginShell.Ran ran = SH.run(RemoteScript.program(List.of("sh", "-c", "echo out; echo err >&2; exit 3")));

        assertThat(ran).isEqualTo(new LoginShell.Ran(3, "out\n", "err\n"));
    }

    /** ssh tells a death by signal of the program that it started as 255, like a lost connection. */
    @Test
    void aProgramEndedByASignalIsNot255() throws IOException {
        assertThat(SH.run(RemoteScript.program(List.of("sh", "-c", "kill -9 $$")))
                        .code())
                .isEqualTo(137);
    }

    @Test
    void sbinIsOnThePathAndTheLanguageIsEnglish() throws IOException {
        LoginShell poor = SH.with("PATH", "/usr/bin:/bin");
        String printed = poor.run(RemoteScript.program(List.of("sh", "-c", "echo $LC_ALL $PATH")))
                .stdout();

        assertThat(printed).isEqualTo("C /usr/bin:/bin:/sbin:/usr/sbin:/usr/local/sbin\n");
    }

    @Test
    void aBuiltinOrFunctionIsNoProgram() throws IOException {
        for (String builtin : List.of("exit", "mark", "octal", "run")) {
            assertThat(SH.run(RemoteScript.program(List.of(builtin, "0"))).code())
                    .as(builtin)
                    .isEqualTo(127);
        }
    }

    /** What a key's forced command is given: whoever wrote it can look at each word without evaluating any. */
    @Test
    void aForcedCommandCanTellTheWordsApart() throws IOException {
        List<String> argv = List.of("zfs", "receive", "-o", "x:y='a b' $(id)", "tank/a;b\n* zlineage");
        LoginShell forced = SH.with("SSH_ORIGINAL_COMMAND", RemoteScript.program(argv));
        String script = "set -f; set -- ${SSH_ORIGINAL_COMMAND##*\\' zlineage}; printf '%s ' \"$@\"";

        assertThat(forced.run(script).stdout()).isEqualTo(ShellQuote.words(argv) + " ");
    }
}
