// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.CommandOutcome.NotRun;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A list of commands as one remote exec of {@link RemoteScript#COMMANDS}: what to write, and what came back. Used once.
 *
 * <p>Whoever runs it writes the {@linkplain #send request} to the standard input and closes that, fills both readers to the
 * end of both outputs at the same time, each on a thread of its own, and then asks for the {@linkplain #outcomes outcomes}.
 */
final class CommandFrame {

    /** More than the longest listing that makes sense: ten million snapshots. */
    static final int MAX_STDOUT = 512 * 1024 * 1024;

    private static final int MAX_STDERR = 16 * 1024 * 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SshEndpoint endpoint;
    private final List<Framed> commands = new ArrayList<>();
    private final String mark;
    private final FrameReader stdout;
    private final FrameReader stderr;
    private int sent;

    /** A command with its words, or why it has none. */
    private record Framed(CommandLine line, String words, String refusal) {

        static Framed of(CommandLine line) {
            try {
                return new Framed(line, ShellQuote.words(line.argv()), "");
            } catch (IllegalArgumentException e) {
                return new Framed(line, "", String.valueOf(e.getMessage()));
            }
        }

        boolean isRefused() {
            return !refusal.isEmpty();
        }
    }

    /**
     * A frame.
     *
     * @param endpoint the host, for messages
     * @param commands what to run; one that can't be carried is answered without being sent
     */
    CommandFrame(SshEndpoint endpoint, List<CommandLine> commands) {
        this(endpoint, commands, newMark(), MAX_STDOUT);
    }

    CommandFrame(SshEndpoint endpoint, List<CommandLine> commands, String mark, int maxStdout) {
        this.endpoint = endpoint;
        this.mark = mark;
        this.stdout = new FrameReader(mark, maxStdout);
        this.stderr = new FrameReader(mark, MAX_STDERR);
        for (CommandLine line : commands) {
            Framed framed = Framed.of(line);
            this.commands.add(framed);
            sent += framed.isRefused() ? 0 : 1;
        }
    }

    /** So long that no output holds it by chance, and nobody can guess it. */
    private static String newMark() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Writes the request. The copy of what the commands read, which may be secrets, is wiped.
     *
     * @param stdin the standard input of the exec; flushed, not closed
     * @throws IOException if it can't be written
     */
    void send(OutputStream stdin) throws IOException {
        stdin.write((mark + "\n").getBytes(StandardCharsets.US_ASCII));
        for (Framed command : commands) {
            if (!command.isRefused()) {
                stdin.write((command.words() + "\n").getBytes(StandardCharsets.US_ASCII));
                byte[] input = octal(command.line().input());
                try {
                    stdin.write(input);
                } finally {
                    Arrays.fill(input, (byte) 0);
                }
            }
        }
        stdin.flush();
    }

    private static byte[] octal(byte[] input) {
        byte[] octal = new byte[5 * input.length + 1];
        int at = 0;
        for (byte b : input) {
            octal[at++] = '\\';
            octal[at++] = '0';
            octal[at++] = (byte) ('0' + (b >> 6 & 3));
            octal[at++] = (byte) ('0' + (b >> 3 & 7));
            octal[at++] = (byte) ('0' + (b & 7));
        }
        octal[at] = '\n';
        return octal;
    }

    /** Whether one of them takes as long as it takes, so that there is no limit to all. */
    boolean isLong() {
        return commands.stream().anyMatch(c -> c.line().manner() == CommandLine.Manner.LONG);
    }

    /** Whether all of them take away what others made, which is done also for a caller who was interrupted. */
    boolean isTidying() {
        return commands.stream().allMatch(c -> c.line().manner() == CommandLine.Manner.TIDYING);
    }

    /** Takes the standard output. */
    FrameReader stdout() {
        return stdout;
    }

    /** Takes the standard error. */
    FrameReader stderr() {
        return stderr;
    }

    /** Whether the end of every command is known, so that how the exec itself ended does not matter. */
    boolean isComplete() {
        return stdout.sections().size() > sent;
    }

    /**
     * What the other side printed without having been asked: at login, or instead of running the commands.
     *
     * @return both outputs, without the blanks around them
     */
    String unasked() {
        return (before(stdout) + before(stderr)).strip();
    }

    private static String before(FrameReader reader) {
        return reader.sections().isEmpty()
                ? reader.rest()
                : reader.sections().get(0).text();
    }

    /**
     * What came of the commands.
     *
     * @param unknown what to say of those whose end is not known
     * @return an outcome for each command, in their order
     */
    List<CommandOutcome> outcomes(NotRun unknown) {
        List<CommandOutcome> outcomes = new ArrayList<>(commands.size());
        int section = 1;
        for (Framed command : commands) {
            if (command.isRefused()) {
                outcomes.add(new NotRun(Reason.UNREACHABLE, command.refusal()));
            } else {
                outcomes.add(section < stdout.sections().size() ? outcome(command.line(), section) : unknown);
                section++;
            }
        }
        return outcomes;
    }

    private CommandOutcome outcome(CommandLine line, int section) {
        FrameReader.Section out = stdout.sections().get(section);
        int code;
        try {
            code = Integer.parseInt(out.label());
        } catch (NumberFormatException e) {
            return new NotRun(Reason.UNREACHABLE, endpoint + " gave no exit code, but '" + out.label() + "'");
        }
        String err = errors(section);
        if (code == 126 || code == 127) {
            String program = line.argv().get(0);
            String path = stdout.sections().get(0).label().replaceFirst("^0 ", "");
            return new NotRun(
                    Reason.UNREACHABLE,
                    "'" + program + "' could not be run on " + endpoint + ", whose PATH is " + path + ": "
                            + (err.isBlank() ? "exit code " + code : err.strip()));
        }
        String advice = code == 0 ? "" : ElevationAdvice.of(endpoint, line.argv(), err);
        return new Exited(code, out.text(), advice + err);
    }

    /** The standard error may have been cut before its mark, while the standard output was not. */
    private String errors(int section) {
        int ended = stderr.sections().size();
        if (section < ended) {
            return stderr.sections().get(section).text();
        }
        return section == ended ? stderr.rest() : "";
    }
}
