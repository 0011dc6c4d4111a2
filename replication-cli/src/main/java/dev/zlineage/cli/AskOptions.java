// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.cli.ControlSocket.Answer;
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
        (answer.code() == ExitCode.OK ? environment.out() : environment.err()).print(answer.text());
        environment.out().flush();
        environment.err().flush();
        return answer.code();
    }
}
