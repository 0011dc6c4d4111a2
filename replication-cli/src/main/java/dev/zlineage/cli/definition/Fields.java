// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a definition file, read field by field. What does not fit is a mistake and counts as absent, so that all of
 * them are found in one go; {@link #end} finds those that nobody asked for.
 */
final class Fields {

    private final String path;
    private final Mistakes mistakes;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(String path, Mistakes mistakes) {
        this.path = path;
        this.mistakes = mistakes;
    }

    static Fields of(Node node, String path, Mistakes mistakes) {
        Fields fields = new Fields(path, mistakes);
        mistakes.standsAt(path, node);
        if (!(node instanceof MappingNode mapping)) {
            if (!isNothing(node)) {
                mistakes.add(node, path, "it has to be fields with values");
            }
            return fields;
        }
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                mistakes.add(field.getKeyNode(), path, "the name of a field has to be a word");
            } else if (fields.keys.putIfAbsent(key.getValue(), key) != null) {
                mistakes.add(key, fields.at(key.getValue()), "it is there twice; remove one");
            } else {
                mistakes.standsAt(fields.at(key.getValue()), field.getValueNode());
                fields.nodes.put(key.getValue(), field.getValueNode());
            }
        }
        return fields;
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value of a field that is there and not null. */
    private Optional<Node> node(String name) {
        asked.add(name);
        return Optional.ofNullable(nodes.get(name)).filter(node -> !isNothing(node));
    }

    boolean has(String name) {
        return node(name).isPresent();
    }

    void wrong(String name, String message) {
        Node node = nodes.get(name);
        mistakes.add(node == null ? Optional.empty() : node.getStartMark(), at(name), message);
    }

    Optional<String> text(String name) {
        return node(name).flatMap(node -> scalar(node, at(name)));
    }

    /** A field that has to be there, whatever its kind. */
    void require(String name) {
        if (!has(name)) {
            mistakes.add(
                    nodes.isEmpty()
                            ? Optional.empty()
                            : keys.values().iterator().next().getStartMark(),
                    at(name),
                    "it is missing");
        }
    }

    String needed(String name) {
        require(name);
        return text(name).orElse("");
    }

    private Optional<String> scalar(Node node, String where) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.BOOL)) {
            return Optional.of(scalar.getValue());
        }
        mistakes.add(node, where, "it has to be a text; put it in quotes if it is one");
        return Optional.empty();
    }

    boolean flag(String name, boolean otherwise) {
        Optional<Node> node = node(name);
        if (node.isPresent() && !node.get().getTag().equals(Tag.BOOL)) {
            mistakes.add(node.get(), at(name), shown(node.get()) + "it has to be true or false");
            return otherwise;
        }
        return node.map(n -> Boolean.parseBoolean(((ScalarNode) n).getValue())).orElse(otherwise);
    }

    private static String shown(Node node) {
        return node instanceof ScalarNode scalar ? "'" + scalar.getValue() + "': " : "";
    }

    Optional<Long> number(String name) {
        Optional<Node> node = node(name);
        if (node.isPresent() && !node.get().getTag().equals(Tag.INT)) {
            mistakes.add(node.get(), at(name), shown(node.get()) + "it has to be a whole number");
            return Optional.empty();
        }
        return node.flatMap(n -> {
            try {
                return Optional.of(Long.decode(((ScalarNode) n).getValue()));
            } catch (NumberFormatException e) {
                mistakes.add(n, at(name), shown(n) + "it has to be a whole number, and not so large");
                return Optional.empty();
            }
        });
    }

    /** A list of texts, or one text. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        node(name).ifPresent(node -> {
            if (node instanceof SequenceNode sequence) {
                for (int i = 0; i < sequence.getValue().size(); i++) {
                    Node item = sequence.getValue().get(i);
                    String where = at(name) + "[" + i + "]";
                    mistakes.standsAt(where, item);
                    scalar(item, where).ifPresent(texts::add);
                }
            } else {
                scalar(node, at(name)).ifPresent(texts::add);
            }
        });
        return texts;
    }

    /** A text that some class reads. */
    <T> Optional<T> read(String name, Function<String, T> reader) {
        return text(name).flatMap(text -> {
            try {
                return Optional.of(reader.apply(text));
            } catch (RuntimeException e) {
                wrong(name, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** One of the names of an enum, in lower case. */
    <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
        Map<String, E> words = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            words.put(constant.name().toLowerCase(Locale.ROOT), constant);
        }
        Optional<String> text = text(name);
        if (text.isPresent() && !words.containsKey(text.get())) {
            wrong(name, "'" + text.get() + "' is none of " + String.join(", ", words.keySet()));
        }
        return text.map(words::get);
    }

    Optional<Fields> fields(String name) {
        return node(name).map(node -> of(node, at(name), mistakes));
    }

    boolean isText(String name) {
        return node(name).filter(ScalarNode.class::isInstance).isPresent();
    }

    /** Every field of the mapping, whatever it is called. */
    Map<String, Fields> each() {
        Map<String, Fields> all = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            asked.add(name);
            all.put(name, of(node, at(name), mistakes));
        });
        return all;
    }

    /** Every field of the mapping as a text. */
    Map<String, String> eachText() {
        Map<String, String> all = new LinkedHashMap<>();
        nodes.keySet().forEach(name -> text(name).ifPresent(text -> all.put(name, text)));
        return all;
    }

    /** To be called when everything that there can be was asked for. */
    void end() {
        keys.forEach((name, key) -> {
            if (!asked.contains(name)) {
                String near = NearestWord.to(name, asked)
                        .map(word -> "; perhaps '" + word + "'")
                        .orElse("; there are " + String.join(", ", asked));
                mistakes.add(key, at(name), "there is no such field" + near);
            }
        });
    }
}
