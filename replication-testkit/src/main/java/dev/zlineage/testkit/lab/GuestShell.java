// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.lab;

import dev.zlineage.core.transport.CommandOutcome.Exited;
import dev.zlineage.core.transport.LosslessText;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bash in the guest that stays, as root: what is run through it costs no login, which is most of what a short command
 * costs there. Whoever comes while it is busy waits.
 */
public final class GuestShell implements AutoCloseable {

    /**
     * Reads how long a script is and the script, again and again; {@code frame} runs a command and tells what came of it.
     * Nothing may follow its command by a {@code ||}: that would take the effect of {@code set -e} from a script. A variable
     * holds no zero byte; what has some is printed by programs, which cost more.
     */
    private static final String LOOP = """
            export LC_ALL=C; frame=/tmp/frame.$$; trap 'rm -f $frame.*' EXIT
            frame() { local out err rc
              "$@" > $frame.out 2> $frame.err; rc=$?
              if IFS= read -rd '' out < $frame.out || IFS= read -rd '' err < $frame.err; then
                printf '%d %d %d\\n' $rc $(stat -c %s $frame.out $frame.err); cat $frame.out $frame.err
              else printf '%d %d %d\\n%s%s' $rc ${#out} ${#err} "$out" "$err"; fi; }
            while read -r n; do IFS= read -rN "$n" script; eval "$script"; done
            """;

    private final Lock free = new ReentrantLock();
    private final Process process;
    private final OutputStream in;
    private final DataInputStream out;

    GuestShell(List<String> program) {
        List<String> command = new ArrayList<>(program);
        command.add(LOOP);
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        in = process.getOutputStream();
        out = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /** A command with what it reads, for {@link #run}. */
    static String command(List<String> argv, byte[] input) {
        StringBuilder line = new StringBuilder("frame");
        argv.forEach(word -> line.append(' ').append(quoted(word)));
        return input.length == 0
                ? line + " < /dev/null"
                : "printf %s " + Base64.getEncoder().encodeToString(input) + " | base64 -d | " + line;
    }

    /**
     * A script, for {@link #run}.
     *
     * @param script the script
     * @param arguments what arrives in it as {@code $1} and on
     * @return a line of the shell
     */
    public static String script(String script, String... arguments) {
        StringBuilder line = new StringBuilder("set --");
        for (String argument : arguments) {
            line.append(' ').append(quoted(argument));
        }
        // in a shell of its own, which it may end
        return "frame eval " + quoted("(" + line + "\n" + script + "\n)") + " < /dev/null";
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Runs what {@link #script} makes, in one round trip.
     *
     * @param lines what to run, each whatever became of the others
     * @return what came of each
     * @throws IllegalStateException if the shell has ended
     */
    public List<Exited> run(List<String> lines) {
        free.lock();
        try {
            byte[] script = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
            in.write((script.length + "\n").getBytes(StandardCharsets.US_ASCII));
            in.write(script);
            in.flush();
            List<Exited> outcomes = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                String[] head = line().split(" ", -1);
                outcomes.add(new Exited(Integer.parseInt(head[0]), text(head[1]), text(head[2])));
            }
            return outcomes;
        } catch (IOException e) {
            throw new IllegalStateException("the guest's shell has ended", e);
        } finally {
            free.unlock();
        }
    }

    /**
     * Runs a script that has to succeed.
     *
     * @param script the script
     * @param arguments what arrives in it as {@code $1} and on
     * @return what it printed
     * @throws IllegalStateException if it did not, with its stderr
     */
    public String sh(String script, String... arguments) {
        Exited exited = run(List.of(script(script, arguments))).get(0);
        if (exited.exitCode() != 0) {
            throw new IllegalStateException("exit " + exited.exitCode() + " of " + script + "\n" + exited.stderr());
        }
        return exited.stdout();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = out.readByte(); b != '\n'; b = out.readByte()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private String text(String length) throws IOException {
        byte[] bytes = new byte[Integer.parseInt(length)];
        out.readFully(bytes);
        return LosslessText.of(bytes);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
