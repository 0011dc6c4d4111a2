// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Arguments that some shell would take for something else, and whether they reach a program. */
final class HostileArguments {

    private static final List<String> PIECES = List.of(
            " ",
            "  ",
            "\t",
            "\n",
            "\r",
            "\\",
            "\\n",
            "\\0",
            "\\c",
            "'",
            "\"",
            "`",
            "$",
            "$HOME",
            "${PATH}",
            "$(id)",
            "!",
            "!!",
            "!$",
            "^a^b",
            "*",
            "?",
            "[a]",
            "{a,b}",
            "~",
            "~root",
            "#",
            "%",
            "%%",
            "%s",
            "%040",
            "&",
            "&&",
            "|",
            ";",
            "<",
            ">",
            "(",
            ")",
            "=",
            "=ls",
            "-n",
            "--",
            "@",
            ":",
            ",",
            "tank/a",
            "2026-01-01",
            "é",
            "日本",
            "😀",
            "\u0001",
            "\u007f",
            "\u0080",
            "\u001b[0m",
            "a",
            "Z",
            "0",
            "777");

    private HostileArguments() {}

    static List<String> some(Random random) {
        List<String> arguments = new ArrayList<>();
        for (int n = random.nextInt(12); n >= 0; n--) {
            StringBuilder argument = new StringBuilder();
            for (int pieces = random.nextInt(6); pieces > 0; pieces--) {
                argument.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            arguments.add(argument.toString());
        }
        return arguments;
    }

    /** Every piece alone. */
    static List<String> each() {
        return PIECES;
    }

    /** Gives them to a program behind this shell that prints its arguments, a zero byte after each. */
    static void assertReach(LoginShell shell, List<String> arguments, String where) throws IOException {
        List<String> argv = new ArrayList<>(List.of("printf", "%s\\0"));
        argv.addAll(arguments);
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = shell.run(
                RemoteScript.program(argv),
                OutputStream::flush,
                (bytes, count) -> seen.write(bytes, 0, count),
                (bytes, count) -> messages.write(bytes, 0, count));
        assertThat(messages.toString(StandardCharsets.UTF_8)).as(where).isEmpty();
        assertThat(seen.toString(StandardCharsets.UTF_8)).as(where).isEqualTo(String.join("\0", arguments) + "\0");
        assertThat(code).as(where).isZero();
    }
}
