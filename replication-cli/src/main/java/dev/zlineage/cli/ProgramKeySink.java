// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.run.KeyNotKeptException;
import dev.zlineage.core.run.KeySink;
import dev.zlineage.core.run.ReceivedKey;
import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Hands keys over to a program of this host: the target and the format are its arguments, the key is on its standard input,
 * without a line feed. When it exits 0 it has kept the key.
 *
 * @param program its absolute path
 * @param host runs it
 */
record ProgramKeySink(String program, CommandRunner host) implements KeySink {

    @Override
    public void keep(ReceivedKey received) throws KeyNotKeptException {
        byte[] key = received.key().reveal();
        try {
            List<String> argv = List.of(
                    program, received.target().value(), received.format().value());
            CommandOutcome outcome =
                    host.run(List.of(new CommandLine(argv, key))).get(0);
            if (outcome instanceof CommandOutcome.NotRun not) {
                throw new KeyNotKeptException(program + " could not be run: " + not.text());
            }
            CommandOutcome.Exited exited = (CommandOutcome.Exited) outcome;
            if (exited.exitCode() != 0) {
                // a program that repeats what it read must not make us repeat it
                String said = exited.stderr().strip().replace(new String(key, StandardCharsets.UTF_8), "<key>");
                throw new KeyNotKeptException(
                        program + " ended with " + exited.exitCode() + (said.isEmpty() ? "" : ": " + said));
            }
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
