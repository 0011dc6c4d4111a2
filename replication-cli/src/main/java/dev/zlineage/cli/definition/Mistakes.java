// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.scheduler.task.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Gathers what is wrong, and knows where each field stands. */
final class Mistakes {

    private final List<Mistake> found = new ArrayList<>();
    private final Map<String, Node> places = new HashMap<>();

    void standsAt(String path, Node node) {
        places.put(path, node);
    }

    void add(Node node, String path, String message) {
        add(node.getStartMark(), path, message);
    }

    void add(Optional<Mark> mark, String path, String message) {
        found.add(new Mistake(
                mark.map(m -> m.getLine() + 1).orElse(0),
                mark.map(m -> m.getColumn() + 1).orElse(0),
                path,
                message));
    }

    /** What the tasks say of themselves; a field that is missing stands where the nearest one above it does. */
    void add(Problem problem) {
        String value = problem.value().isEmpty() ? "" : "'" + problem.value() + "': ";
        String message = value + problem.rule() + "; " + problem.wayOut();
        String at = problem.path();
        while (!places.containsKey(at) && !at.isEmpty()) {
            int end = Math.max(at.lastIndexOf('.'), at.endsWith("]") ? at.lastIndexOf('[') : -1);
            at = at.substring(0, Math.max(end, 0));
        }
        add(Optional.ofNullable(places.get(at)).flatMap(Node::getStartMark), problem.path(), message);
    }

    List<Mistake> inOrder() {
        return found.stream()
                .sorted(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column))
                .distinct()
                .toList();
    }
}
