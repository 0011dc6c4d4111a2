// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A command that reads, spread over as many lines as its names take. */
final class Listing<R> implements Call<R> {

    /** Gathers what the lines print, and answers it. */
    interface Reader<R> {

        void read(String stdout) throws UnreadableException;

        R answer() throws UnreadableException;
    }

    private final List<CommandLine> lines;
    private final Set<String> mayMiss;
    private final Reader<R> reader;

    private Listing(List<CommandLine> lines, Set<String> mayMiss, Reader<R> reader) {
        this.lines = lines;
        this.mayMiss = mayMiss;
        this.reader = reader;
    }

    /** A listing in which each name has to exist. */
    static <R> Listing<R> ofAll(List<CommandLine> lines, Reader<R> reader) {
        return new Listing<>(lines, Set.of(), reader);
    }

    /** A listing from which a name that does not exist is absent. */
    static <R> Listing<R> ofExisting(List<CommandLine> lines, Set<?> names, Reader<R> reader) {
        return new Listing<>(lines, names.stream().map(Object::toString).collect(Collectors.toSet()), reader);
    }

    @Override
    public List<CommandLine> lines() {
        return lines;
    }

    @Override
    public Answer<R> read(List<CommandOutcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            CommandLine line = lines.get(i);
            if (!(outcomes.get(i) instanceof CommandOutcome.Exited exited) || !Missing.only(exited, mayMiss)) {
                return new Answer.Failed<>(Failures.of(line, outcomes.get(i)));
            }
            try {
                reader.read(exited.stdout());
            } catch (UnreadableException e) {
                return new Answer.Failed<>(Failures.unreadable(line, String.valueOf(e.getMessage())));
            }
        }
        try {
            return new Answer.Done<>(reader.answer());
        } catch (UnreadableException e) {
            return new Answer.Failed<>(Failures.unreadable(lines.get(0), String.valueOf(e.getMessage())));
        }
    }
}
