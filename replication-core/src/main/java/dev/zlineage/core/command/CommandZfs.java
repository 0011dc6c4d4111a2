// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The OpenZFS of a host, by its {@code zfs} program: argument lists in, what it prints out.
 *
 * <p>A list of commands becomes one list of command lines and one call of the runner. Three things take calls more: the
 * version and the user, which are asked for once before the first listing of datasets, renaming a volume, which {@code zfs rename
 * -u} refuses, and reading contents, which takes other programs of the host than {@code zfs} too: those of util-linux, coreutils
 * and findutils, found by its search path. Names that would make an argument list too long for a host are spread over several command lines, except
 * where a command is all or nothing.
 *
 * <p>The texts that {@code zfs} prints are expected in English: a runner sets {@code LC_ALL=C}.
 *
 * <p>{@code zfs receive -F} is given where {@link ReceiveStream#overwriteEmpty()} asks for it. What comes through the
 * stream can't be seen from here, so it is up to the caller that this is never an increment.
 */
public final class CommandZfs implements Zfs {

    private final CommandRunner runner;
    private final List<String> program;
    private volatile ProbeCall.@Nullable Found probed;

    /**
     * The {@code zfs} that the host finds by its search path.
     *
     * @param runner runs programs on that host; closed with this object
     */
    public CommandZfs(CommandRunner runner) {
        this(runner, List.of("zfs"));
    }

    /**
     * A {@code zfs} that needs more than its name.
     *
     * @param runner runs programs on that host; closed with this object
     * @param program such as {@code sudo -n zfs} in three words, or an absolute path; arguments of {@code zfs} follow it. What
     *     stands before the last word is put before other programs too
     */
    public CommandZfs(CommandRunner runner, List<String> program) {
        if (program.isEmpty()) {
            throw new IllegalArgumentException("no program is given");
        }
        this.runner = runner;
        this.program = List.copyOf(program);
    }

    @Override
    public String host() {
        return runner.host();
    }

    @Override
    public ZfsVersion version() {
        return probe().version();
    }

    private ProbeCall.Found probe() {
        ProbeCall.Found known = probed;
        if (known == null) {
            known = read(new ProbeCall(program)).orThrow();
            probed = known;
        }
        return known;
    }

    @Override
    public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
        List<Answer<?>> answers = new ArrayList<>(commands.size());
        List<Call<?>> batch = new ArrayList<>();
        for (ZfsCommand<?> command : commands) {
            if (command instanceof ZfsCommand.ReadContents read) {
                flush(batch, answers);
                answers.add(new ContentsReading(program, this::run).read(read.snapshot()));
                continue;
            }
            Call<?> call = call(command);
            batch.add(call);
            if (call.mayNeedAnother()) {
                flush(batch, answers);
            }
        }
        flush(batch, answers);
        return answers;
    }

    private Call<?> call(ZfsCommand<?> command) {
        boolean changes = false;
        try {
            if (command instanceof ZfsCommand.ListPermissions list) {
                return PermissionsCall.of(program, probe().caller(), list.names());
            }
            changes = command instanceof ZfsCommand.ListDatasets && version().atLeast(2, 2);
        } catch (ZfsException e) {
            return new RefusedCall<>(e.failure());
        }
        try {
            return Calls.of(program, command, changes);
        } catch (IllegalArgumentException e) {
            String what = command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            return new RefusedCall<>(new ZfsFailure(ZfsFailure.Kind.INVALID, what, String.valueOf(e.getMessage())));
        }
    }

    private void flush(List<Call<?>> batch, List<Answer<?>> answers) {
        List<CommandLine> lines = new ArrayList<>();
        batch.forEach(call -> lines.addAll(call.lines()));
        List<CommandOutcome> outcomes = run(lines);
        int from = 0;
        for (Call<?> call : batch) {
            int to = from + call.lines().size();
            List<CommandOutcome> own = outcomes.subList(from, to);
            from = to;
            Optional<? extends Call<?>> another = call.another(own);
            answers.add(another.isPresent() ? read(another.get()) : call.read(own));
        }
        batch.clear();
    }

    private <R> Answer<R> read(Call<R> call) {
        return call.read(run(call.lines()));
    }

    private List<CommandOutcome> run(List<CommandLine> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        try {
            List<CommandOutcome> outcomes = runner.run(lines);
            if (outcomes.size() != lines.size()) {
                throw new IllegalStateException(lines.size() + " commands were given to " + runner.host() + ", "
                        + outcomes.size() + " answered");
            }
            return outcomes;
        } finally {
            // keys: the copy that was made for the runner is not needed any more
            lines.forEach(line -> Arrays.fill(line.input(), (byte) 0));
        }
    }

    @Override
    public StreamOffer<StreamSource> send(SendStream stream) {
        List<String> argv = StreamArgv.send(program, stream);
        String shown = Argv.shown(argv);
        return new StreamOffer<>(runner.source(argv, new SendReport()), exit -> StreamVerdict.of(shown, exit));
    }

    @Override
    public StreamOffer<StreamSink> receive(ReceiveStream stream) {
        List<String> argv = StreamArgv.receive(program, stream);
        String shown = Argv.shown(argv);
        return new StreamOffer<>(runner.sink(argv), exit -> StreamVerdict.of(shown, exit));
    }

    @Override
    public void close() {
        runner.close();
    }
}
