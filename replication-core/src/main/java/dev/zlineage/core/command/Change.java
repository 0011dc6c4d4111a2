// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandLine;
import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Effect;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A command that changes something, on as many lines as its names take.
 *
 * <p>Some complaints of {@code zfs} say that a thing had been done before. Where there is nothing else on standard error,
 * the command succeeded; it was {@link Effect#ALREADY} done when every one of its operands drew such a complaint.
 */
final class Change implements Call<Effect> {

    private final List<CommandLine> lines;
    private final int operands;
    private final Predicate<String> doneBefore;

    /** A change whose complaints are failures, all of them. */
    Change(Argv argv) {
        this(argv, complaint -> false);
    }

    /** A change that is safe to repeat. */
    Change(Argv argv, Predicate<String> doneBefore) {
        this(List.of(argv.line()), 1, doneBefore);
    }

    /** A change of several things that is safe to repeat. */
    Change(List<CommandLine> lines, int operands, Predicate<String> doneBefore) {
        this.lines = lines;
        this.operands = operands;
        this.doneBefore = doneBefore;
    }

    @Override
    public List<CommandLine> lines() {
        return lines;
    }

    @Override
    public Answer<Effect> read(List<CommandOutcome> outcomes) {
        int before = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            CommandLine line = lines.get(i);
            if (!(outcomes.get(i) instanceof CommandOutcome.Exited exited)) {
                return new Answer.Failed<>(Failures.of(line, outcomes.get(i)));
            }
            List<String> complaints =
                    exited.stderr().lines().filter(text -> !text.isBlank()).toList();
            int known = (int) complaints.stream().filter(doneBefore).count();
            before += known;
            if (exited.exitCode() != 0 && (known == 0 || known < complaints.size())) {
                String decisive =
                        complaints.stream().filter(doneBefore.negate()).collect(Collectors.joining("\n"));
                return new Answer.Failed<>(Failures.of(line, exited.exitCode(), decisive, exited.stderr()));
            }
        }
        return new Answer.Done<>(before < operands ? Effect.DONE : Effect.ALREADY);
    }

    /** Renames without touching mounts, which {@code zfs} refuses for a volume: there is nothing mounted. */
    static final class Rename implements Call<Effect> {

        private final Change first;
        private final Change ofVolume;

        Rename(Argv first, Argv ofVolume) {
            this.first = new Change(first);
            this.ofVolume = new Change(ofVolume);
        }

        @Override
        public List<CommandLine> lines() {
            return first.lines();
        }

        @Override
        public Answer<Effect> read(List<CommandOutcome> outcomes) {
            return first.read(outcomes);
        }

        @Override
        public boolean mayNeedAnother() {
            return true;
        }

        @Override
        public Optional<Call<Effect>> another(List<CommandOutcome> outcomes) {
            boolean volume = outcomes.get(0) instanceof CommandOutcome.Exited exited
                    && exited.exitCode() != 0
                    && exited.stderr().contains("not applicable to datasets of this type");
            return volume ? Optional.of(ofVolume) : Optional.empty();
        }
    }
}
