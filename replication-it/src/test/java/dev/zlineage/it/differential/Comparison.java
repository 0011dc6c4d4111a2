// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Runs programs on two hosts, compares what each step comes to, and now and then everything that there is. Each program gets two hosts, or two places, of its own. */
final class Comparison {

    /** To look at real OpenZFS takes longer than a step. */
    private static final int LOOKS = 4;

    private final Supplier<Host> ones;
    private final Supplier<Host> others;
    private final Map<String, Integer> outcomes = new TreeMap<>();

    /**
     * Two sorts of hosts.
     *
     * @param ones of which programs are made up, since it is quick
     * @param others with which it is compared
     */
    Comparison(Supplier<Host> ones, Supplier<Host> others) {
        this.ones = ones;
        this.others = others;
    }

    /**
     * Where two hosts came apart.
     *
     * @param program up to and with the step
     * @param inAnswers whether they did not answer the step alike, rather than show different things after it
     * @param one what only the one shows
     * @param other what only the other shows
     */
    record Divergence(List<Operation> program, boolean inAnswers, List<String> one, List<String> other) {

        @Override
        public String toString() {
            return "after " + program + "\n  one:   " + String.join("\n         ", one) + "\n  other: "
                    + String.join("\n         ", other);
        }
    }

    /** For each sort of step and what came of it, how often that happened. */
    Map<String, Integer> outcomes() {
        return outcomes;
    }

    /** Makes a program up while it runs on both. One that the fake does not model ends it. */
    Optional<Divergence> makeUp(long seed, int steps) {
        Pair pair = new Pair();
        Generator generator = new Generator(seed);
        Optional<Divergence> found = pair.looks();
        while (found.isEmpty() && pair.done.size() < steps && !pair.over) {
            found = pair.step(generator.next(pair.one.view()), LOOKS);
        }
        return found.or(pair::closerLooks);
    }

    /** Runs a program that is there, and on request looks at what there is in the end. */
    Optional<Divergence> run(List<Operation> program, boolean looks) {
        Pair pair = new Pair();
        Optional<Divergence> found = Optional.empty();
        for (Operation next : program) {
            if (found.isEmpty() && !pair.over) {
                found = pair.step(next, Integer.MAX_VALUE);
            }
        }
        return looks ? found.or(pair::closerLooks) : found;
    }

    /** Two hosts, and what was done to both. */
    private final class Pair {
        private final Side one = new Side(ones.get());
        private final Side other = new Side(others.get());
        private final List<Operation> done = new ArrayList<>();
        private boolean over;

        Optional<Divergence> step(Operation next, int looks) {
            String expected;
            try {
                expected = one.step(next);
            } catch (UnsupportedOperationException e) {
                count(next, "not modelled: " + e.getMessage());
                over = true;
                return Optional.empty();
            }
            done.add(next);
            count(next, expected);
            Optional<Divergence> found = compared(true, List.of(expected), List.of(other.step(next)));
            return found.isEmpty() && done.size() % looks == 0 ? looks() : found;
        }

        Optional<Divergence> looks() {
            return compared(false, one.look(), other.look());
        }

        Optional<Divergence> closerLooks() {
            return compared(false, one.lookCloser(), other.lookCloser());
        }

        private Optional<Divergence> compared(boolean inAnswers, List<String> one, List<String> other) {
            return one.equals(other)
                    ? Optional.empty()
                    : Optional.of(
                            new Divergence(List.copyOf(done), inAnswers, without(one, other), without(other, one)));
        }
    }

    private void count(Operation operation, String outcome) {
        Object what = operation instanceof Operation.Run run ? run.command() : operation;
        outcomes.merge(what.getClass().getSimpleName() + " " + outcome, 1, Integer::sum);
    }

    private static List<String> without(List<String> lines, List<String> others) {
        return lines.stream().filter(line -> !others.contains(line)).toList();
    }
}
