// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.transport.ByteSink;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.ZfsCommand;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code zfs} program of a fake host: arguments in, what OpenZFS prints and exits with out. It knows what
 * {@link dev.zlineage.core.command.CommandZfs} asks for; anything else it refuses with {@value #NOT_MODELLED}, loudly.
 */
final class FakeZfsProgram {

    /** What it exits with when the fault is the fake's. */
    static final int NOT_MODELLED = 64;

    private final FakeZfs zfs;
    private final Verbs verbs = new Verbs();

    FakeZfsProgram(FakeZfs zfs) {
        this.zfs = zfs;
        new ListVerb(zfs).register(verbs);
        new GetVerb(zfs).register(verbs);
        new LookingVerbs(zfs).register(verbs);
        new PointVerbs(zfs).register(verbs);
        new DatasetVerbs(zfs).register(verbs);
        new StreamVerbs(zfs).register(verbs);
        new AllowVerbs(zfs).register(verbs);
    }

    /**
     * Runs a command that has no stream.
     *
     * @throws FaultWords.NotPrinted if a test planned something that happens to a program rather than in it
     */
    CommandOutcome.Exited run(List<String> arguments, byte[] input) {
        Printer printer = new Printer();
        try {
            verbs.run(arguments, input, printer);
        } catch (InvalidNameException e) {
            printer.complain(1, "cannot open it: invalid name: " + e.getMessage());
        } catch (UnsupportedOperationException e) {
            printer.complain(NOT_MODELLED, "fake zfs: " + e.getMessage());
        }
        return printer.end();
    }

    /** The program {@code zpool}, of which only the listing of features is known. */
    CommandOutcome.Exited zpool(List<String> arguments) {
        Printer printer = new Printer();
        if (arguments.size() != 7
                || !arguments.subList(0, 6).equals(List.of("get", "-H", "-p", "-o", "property,value", "all"))) {
            printer.complain(NOT_MODELLED, "fake zpool: " + String.join(" ", arguments));
            return printer.end();
        }
        Answer<Map<String, PoolFeature>> answer =
                zfs.execute(new ZfsCommand.ListFeatures(DatasetName.of(arguments.get(6))));
        if (answer instanceof Answer.Failed<Map<String, PoolFeature>> failed) {
            printer.complain(1, failed.failure());
        } else {
            printer.row(List.of("comment", "-"));
            answer.orThrow()
                    .forEach((name, state) ->
                            printer.row(List.of("feature@" + name, state.name().toLowerCase(Locale.ROOT))));
        }
        return printer.end();
    }

    /** What {@code id} prints on the host. */
    String id() {
        return zfs.id();
    }

    /** Whether these are the arguments of a program whose standard output is a stream. */
    static boolean isSend(List<String> arguments) {
        return !arguments.isEmpty()
                && arguments.get(0).equals("send")
                && !StreamArguments.invocation(arguments).has('n');
    }

    /** Whether these are the arguments of a program whose standard input is a stream. */
    static boolean isReceive(List<String> arguments) {
        return !arguments.isEmpty()
                && arguments.get(0).equals("receive")
                && !StreamArguments.invocation(arguments).has('A');
    }

    /** A stream that is sent, with its report. */
    SentStream send(List<String> arguments) {
        SendStream stream = StreamArguments.send(StreamArguments.invocation(arguments));
        return new SentStream((SendEnd) zfs.send(stream).end(), stream);
    }

    /** A stream that is received. */
    ByteSink receive(List<String> arguments) {
        return (ByteSink) zfs.receive(StreamArguments.receive(StreamArguments.invocation(arguments)))
                .end();
    }
}
