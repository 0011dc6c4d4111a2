// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.it.differential.Comparison.Divergence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes a program that shows a difference shorter, by leaving out what it takes not. */
final class Shrinker {

    private final Comparison comparison;

    Shrinker(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * Large pieces first, then single steps. Answers that differed have to differ in the same way; what there is may differ
     * in another, simpler one.
     */
    Divergence shrink(Divergence found) {
        Divergence best = found;
        for (int piece = best.program().size() / 2; piece > 0; piece /= 2) {
            for (int to = best.program().size(); to > 0; to -= piece) {
                int end = Math.min(to, best.program().size());
                int from = Math.max(0, end - piece);
                best = without(best, from, end).orElse(best);
            }
        }
        return best;
    }

    private Optional<Divergence> without(Divergence found, int from, int to) {
        List<Operation> shorter = new ArrayList<>(found.program());
        shorter.subList(from, to).clear();
        return comparison
                .run(shorter, !found.inAnswers())
                .filter(next -> next.inAnswers() == found.inAnswers())
                .filter(next -> !next.inAnswers()
                        || next.one().equals(found.one()) && next.other().equals(found.other()));
    }
}
