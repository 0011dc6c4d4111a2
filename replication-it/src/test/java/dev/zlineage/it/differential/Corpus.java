// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.SendStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * For each sort of step and each outcome that it has somewhere on the fake, a short program that ends in it. What chance
 * brings about rarely is so tried on real OpenZFS every time.
 */
final class Corpus {

    private final Map<String, List<Operation>> programs = new TreeMap<>();
    private final Supplier<Host> fakes;

    private Corpus(Supplier<Host> fakes) {
        this.fakes = fakes;
    }

    /** Of what happens in many programs made up by chance. The same each time. */
    static List<List<Operation>> of(Supplier<Host> fakes, int seeds, int steps) {
        Corpus corpus = new Corpus(fakes);
        for (long seed = 1; seed <= seeds; seed++) {
            corpus.add(seed, steps);
        }
        return corpus.programs.values().stream()
                .map(corpus::shortened)
                .distinct()
                .toList();
    }

    private void add(long seed, int steps) {
        Side fake = new Side(fakes.get());
        Generator generator = new Generator(seed);
        List<Operation> program = new ArrayList<>();
        try {
            while (program.size() < steps) {
                Operation next = generator.next(fake.view());
                program.add(next);
                String what = what(next) + " " + fake.step(next);
                if (!programs.containsKey(what) || programs.get(what).size() > program.size()) {
                    programs.put(what, List.copyOf(program));
                }
            }
        } catch (UnsupportedOperationException e) {
            // so far, and no farther
        }
    }

    private static String what(Operation operation) {
        if (operation instanceof Operation.Run run) {
            return run.command().getClass().getSimpleName();
        }
        String name = operation.getClass().getSimpleName();
        return operation instanceof Operation.Transfer transfer ? name + " " + what(transfer.stream()) : name;
    }

    private static String what(SendStream stream) {
        boolean raw = stream instanceof SendStream.Full full && full.mode().raw()
                || stream instanceof SendStream.Increment increment
                        && increment.mode().raw();
        return stream.getClass().getSimpleName() + (raw ? " raw" : "");
    }

    /** Without the steps that its last one does not need in order to come to the same. */
    private List<Operation> shortened(List<Operation> program) {
        Optional<String> wanted = outcome(program);
        List<Operation> shortest = program;
        for (int piece = shortest.size() / 2; piece > 0; piece /= 2) {
            for (int to = shortest.size() - 1; to > 0; to -= piece) {
                List<Operation> shorter = new ArrayList<>(shortest);
                int end = Math.min(to, shortest.size() - 1);
                shorter.subList(Math.max(0, end - piece), end).clear();
                if (outcome(shorter).equals(wanted)) {
                    shortest = shorter;
                }
            }
        }
        return shortest;
    }

    private Optional<String> outcome(List<Operation> program) {
        Side fake = new Side(fakes.get());
        String last = "";
        try {
            for (Operation operation : program) {
                last = fake.step(operation);
            }
        } catch (UnsupportedOperationException e) {
            return Optional.empty();
        }
        return Optional.of(last);
    }
}
