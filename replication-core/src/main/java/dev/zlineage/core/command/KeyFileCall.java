// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;

/**
 * Writes or removes a file with a key, by the host's {@code sh}. It is not run by {@code sudo} or the like, which often may run
 * nothing but {@code zfs}: root can read the file of the user who logged in.
 */
record KeyFileCall(CommandLine line) implements Call<Effect> {

    private static final int DONE_BEFORE = 10;
    private static final int SOMETHING_ELSE = 11;

    /** Nothing is overwritten, whoever else writes at the same time; {@code set -C} follows no link that was put there. */
    private static final String STORE = """
            umask 077
            known() { cmp -s - "$1" && exit 10; echo "$1 is there, with other contents" >&2; exit 11; }
            [ ! -e "$1" ] || known "$1"
            rm -f "$1.zl1" && set -C && cat > "$1.zl1" && sync && ln "$1.zl1" "$1" && rm -f "$1.zl1"
            """;

    private static final String REMOVE = """
            [ -e "$1" ] || exit 10
            rm -f "$1"
            """;

    /** A call whose line takes over the key. */
    static KeyFileCall store(ZfsCommand.StoreKey command) {
        return new KeyFileCall(new CommandLine(
                List.of("sh", "-c", STORE, "zlineage-store-key", command.path()),
                command.key().reveal()));
    }

    static KeyFileCall remove(ZfsCommand.RemoveKey command) {
        return new KeyFileCall(new CommandLine(List.of("sh", "-c", REMOVE, "zlineage-remove-key", command.path())));
    }

    @Override
    public List<CommandLine> lines() {
        return List.of(line);
    }

    @Override
    public Answer<Effect> read(List<CommandOutcome> outcomes) {
        if (outcomes.get(0) instanceof CommandOutcome.Exited exited) {
            if (exited.exitCode() == 0) {
                return new Answer.Done<>(Effect.DONE);
            }
            if (exited.exitCode() == DONE_BEFORE) {
                return new Answer.Done<>(Effect.ALREADY);
            }
            if (exited.exitCode() == SOMETHING_ELSE) {
                return new Answer.Failed<>(new ZfsFailure(
                        ZfsFailure.Kind.ALREADY_EXISTS, shown(), exited.stderr().strip()));
            }
        }
        ZfsFailure failure = Failures.of(line, outcomes.get(0));
        return new Answer.Failed<>(new ZfsFailure(failure.kind(), shown(), failure.text()));
    }

    private String shown() {
        List<String> argv = line.argv();
        return argv.get(3) + " " + argv.get(4);
    }
}
