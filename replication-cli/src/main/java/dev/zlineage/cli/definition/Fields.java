// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import static java.util.stream.Collectors.joining;

import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Flag;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.Mapping;
import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Text;
import dev.zlineage.cli.definition.Shape.Texts;
import dev.zlineage.cli.definition.Shape.Variants;
import dev.zlineage.cli.definition.Shape.WholeNumber;
import dev.zlineage.cli.definition.Shape.Words;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a definition file, read field by field as {@link Format} declares them. What does not fit is a mistake and counts
 * as absent, so that all of them are found in one go.
 */
final class Fields {

    private final String path;
    private final Mistakes mistakes;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Field> known = new LinkedHashMap<>();

    private Fields(String path, Mistakes mistakes) {
        this.path = path;
        this.mistakes = mistakes;
    }

    /** What stands at a place of the file. Fields that there are not, and those that are missing, are mistakes at once. */
    static Fields of(Node node, String path, Mistakes mistakes, Mapping shape) {
        Fields fields = new Fields(path, mistakes);
        mistakes.standsAt(path, node);
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(fields::add);
        }
        fields.expect(shape);
        if (node instanceof MappingNode || isNothing(node)) {
            fields.compare(node);
        } else {
            mistakes.add(node, path, "it has to be fields with values");
        }
        return fields;
    }

    private void add(NodeTuple field) {
        if (!(field.getKeyNode() instanceof ScalarNode key)) {
            mistakes.add(field.getKeyNode(), path, "the name of a field has to be a word");
        } else if (keys.putIfAbsent(key.getValue(), key) != null) {
            mistakes.add(key, at(key.getValue()), "it is there twice; remove one");
        } else {
            mistakes.standsAt(at(key.getValue()), field.getValueNode());
            nodes.put(key.getValue(), field.getValueNode());
        }
    }

    private void expect(Mapping shape) {
        if (shape instanceof Form form) {
            expect(form);
        } else if (shape instanceof Named named) {
            expectAny(named.each());
        } else if (shape instanceof Variants variants) {
            Map<String, Form> forms = variants.byWord();
            Node word = nodes.get(variants.by());
            Optional.ofNullable(word instanceof ScalarNode scalar ? forms.get(scalar.getValue()) : null)
                    .ifPresentOrElse(this::expect, () -> {
                        // which of the others would be right is not known
                        expectAny(new Text(Optional.empty(), false));
                        Words words = new Words(List.copyOf(forms.keySet()), Optional.empty());
                        known.put(variants.by(), new Field(variants.by(), words, true, variants.description()));
                    });
        }
    }

    private void expect(Form form) {
        form.fields().forEach(field -> known.put(field.name(), field));
    }

    private void expectAny(Shape each) {
        nodes.keySet().forEach(name -> known.put(name, new Field(name, each, false, "")));
    }

    private void compare(Node mapping) {
        Node first = keys.isEmpty() ? mapping : keys.values().iterator().next();
        known.values().stream()
                .filter(field -> field.required() && !has(field.name()))
                .forEach(field -> mistakes.add(first, at(field.name()), "it is missing. " + field.description()));
        keys.forEach((name, key) -> {
            if (!known.containsKey(name)) {
                String near = NearestWord.to(name, known.keySet())
                        .map(word -> "; perhaps '" + word + "'")
                        .orElse("; there are " + String.join(", ", known.keySet()));
                mistakes.add(key, at(name), "there is no such field" + near);
            }
        });
    }

    /** A field that the format does not have, or has otherwise, is never asked for. */
    private <S extends Shape> S declared(String name, Class<S> kind) {
        return part(name, kind)
                .orElseThrow(() -> new IllegalStateException(at(name) + " is no " + kind.getSimpleName()));
    }

    private <S extends Shape> Optional<S> part(String name, Class<S> kind) {
        return Optional.ofNullable(known.get(name))
                .flatMap(field -> field.shape().as(kind));
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The value of a field that is there and not null. */
    private Optional<Node> node(String name) {
        return Optional.ofNullable(nodes.get(name)).filter(node -> !isNothing(node));
    }

    boolean has(String name) {
        return node(name).isPresent();
    }

    void wrong(String name, String message) {
        Node node = nodes.get(name);
        mistakes.add(node == null ? Optional.empty() : node.getStartMark(), at(name), message);
    }

    private static String shown(Node node) {
        return node instanceof ScalarNode scalar ? "'" + scalar.getValue() + "': " : "";
    }

    /** What is given, or what the field is without being given. */
    Optional<String> text(String name) {
        Optional<String> otherwise = declared(name, Text.class).otherwise();
        return given(name).or(() -> otherwise);
    }

    /** The same, empty where it can't be read, which is a mistake already. */
    String needed(String name) {
        return text(name).orElse("");
    }

    private Optional<String> given(String name) {
        return node(name).flatMap(node -> scalar(node, at(name)));
    }

    private Optional<String> scalar(Node node, String where) {
        if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.BOOL) && !isNothing(node)) {
            return Optional.of(scalar.getValue());
        }
        mistakes.add(node, where, "it has to be a text; put it in quotes if it is one");
        return Optional.empty();
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

    /** One of the words that there are. */
    Optional<String> word(String name) {
        Words declared = declared(name, Words.class);
        Optional<String> word = given(name);
        word.filter(text -> !declared.words().contains(text))
                .ifPresent(text -> wrong(
                        name, "'" + text + "' is none of " + String.join(", ", declared.words()) + orFields(name)));
        return word.filter(declared.words()::contains).or(declared::otherwise);
    }

    private String orFields(String name) {
        return part(name, Form.class)
                .map(form -> form.fields().stream().map(Field::name).collect(joining(", ", "; or give ", "")))
                .orElse("");
    }

    /** The constant that a word is for. */
    <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
        return word(name)
                .map(word -> Stream.of(type.getEnumConstants())
                        .filter(constant -> Words.word(constant).equals(word))
                        .findFirst()
                        .orElseThrow());
    }

    boolean flag(String name) {
        boolean otherwise = declared(name, Flag.class).otherwise();
        Optional<Node> node = node(name);
        if (node.isPresent() && !node.get().getTag().equals(Tag.BOOL)) {
            mistakes.add(node.get(), at(name), shown(node.get()) + "it has to be true or false");
            return otherwise;
        }
        return node.map(n -> Boolean.parseBoolean(((ScalarNode) n).getValue())).orElse(otherwise);
    }

    Optional<Long> number(String name) {
        WholeNumber declared = declared(name, WholeNumber.class);
        return node(name).flatMap(node -> number(node, name, declared)).or(declared::otherwise);
    }

    private Optional<Long> number(Node node, String name, WholeNumber declared) {
        if (!node.getTag().equals(Tag.INT)) {
            mistakes.add(node, at(name), shown(node) + "it has to be a whole number");
            return Optional.empty();
        }
        BigInteger number = new BigInteger(((ScalarNode) node).getValue());
        if (number.compareTo(BigInteger.valueOf(declared.least())) < 0
                || number.compareTo(BigInteger.valueOf(declared.most())) > 0) {
            mistakes.add(
                    node,
                    at(name),
                    shown(node) + "it has to be between " + declared.least() + " and " + declared.most());
            return Optional.empty();
        }
        return Optional.of(number.longValueExact());
    }

    /** A list of texts, or one text. */
    List<String> texts(String name) {
        declared(name, Texts.class);
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

    Optional<Fields> fields(String name) {
        Mapping shape = declared(name, Mapping.class);
        return node(name).map(node -> of(node, at(name), mistakes, shape));
    }

    /** Whether the word stands there, in the place of what could be written out. */
    boolean isWord(String name) {
        return node(name).filter(ScalarNode.class::isInstance).isPresent();
    }

    /** Every field of the mapping, whatever it is called. */
    Map<String, Fields> each() {
        Map<String, Fields> all = new LinkedHashMap<>();
        nodes.forEach((name, node) -> all.put(name, of(node, at(name), mistakes, declared(name, Mapping.class))));
        return all;
    }

    /** Every field of the mapping as a text. Whoever wrote its name did not mean it to be absent. */
    Map<String, String> eachText() {
        Map<String, String> all = new LinkedHashMap<>();
        nodes.forEach((name, node) -> {
            if (isNothing(node)) {
                wrong(name, "it has to be a text, and there is none; write one behind it, or remove the field");
            } else {
                text(name).ifPresent(text -> all.put(name, text));
            }
        });
        return all;
    }
}
