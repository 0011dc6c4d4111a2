// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.ControlSocket.Answer;
import dev.zlineage.core.select.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;

/** Asks a daemon, and prints what it answers. */
final class AskOptions {

    @Mixin
    private StateOption state = new StateOption();

    @Mixin
    private OutputOptions output = new OutputOptions();

    int ask(Environment environment, String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of(command, output.json() ? "json" : "text"));
        words.addAll(List.of(arguments));
        Answer answer = ControlSocket.call(state.socket(), words);
        if (answer.code() == ExitCode.BAD_REQUEST) {
            throw new InvalidRequestException(List.of(
                    new InvalidRequestException.Problem("", answer.text().strip())));
        }
        if (answer.code() != ExitCode.OK) {
            throw new DaemonRefusedException(answer.text().strip());
        }
        environment.out().print(answer.text());
        environment.out().flush();
        return ExitCode.OK;
    }
}
