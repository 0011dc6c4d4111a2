// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Either;
import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Flag;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Texts;
import dev.zlineage.cli.definition.Shape.Variants;
import dev.zlineage.cli.definition.Shape.WholeNumber;
import dev.zlineage.cli.definition.Shape.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One field in a definition that has little else, as it may be written. Its documents are JSON, which is YAML too.
 *
 * @param path of the field
 * @param documents by the value of the field
 */
record Variation(String path, Map<String, String> documents) {

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "0",
            "7",
            "70000",
            "9999999999",
            "99999999999999999999",
            "1.5",
            "\"x\"",
            "\"\"",
            "\"true\"",
            "[]",
            "[\"x\", 7]",
            "[null]",
            "[true]",
            "[[\"x\"]]",
            "{}",
            "{\"x\": \"y\"}",
            "{\"x\": 7}",
            "{\"x\": null}",
            "{\"x\": true}",
            "{\"x\": {}}",
            "{\"type\": \"x\"}");

    static Stream<Variation> all(Form form) {
        return all(form, "", json -> json);
    }

    private static Stream<Variation> all(Form form, String path, UnaryOperator<String> around) {
        Stream<Variation> here =
                Stream.concat(form.fields().stream(), Stream.of(unknown())).map(field -> of(form, field, path, around));
        Stream<Variation> below = form.fields().stream()
                .flatMap(field -> below(
                        field.shape(), path + field.name(), json -> around.apply(with(form, field.name(), json))));
        return Stream.concat(here, below);
    }

    private static Field unknown() {
        return new Field("nothing-of-ours", new Texts(), false, "");
    }

    private static Stream<Variation> below(Shape shape, String path, UnaryOperator<String> around) {
        if (shape instanceof Form form) {
            return all(form, path + ".", around);
        }
        if (shape instanceof Named named) {
            return below(named.each(), path + ".some", json -> around.apply("{\"some\": " + json + "}"));
        }
        if (shape instanceof Variants variants) {
            return variants.forms().stream().flatMap(form -> all(form, path + ".", around));
        }
        return shape instanceof Either either ? below(either.mapping(), path, around) : Stream.empty();
    }

    private static Variation of(Form form, Field field, String path, UnaryOperator<String> around) {
        Map<String, String> documents = new LinkedHashMap<>();
        documents.put("absent", around.apply(with(form, field.name(), "")));
        Stream.concat(VALUES.stream(), right(field.shape()))
                .forEach(value -> documents.put(value, around.apply(with(form, field.name(), value))));
        return new Variation(path + field.name(), documents);
    }

    /** What a form needs, and one field as told; without a value, it is left out. */
    private static String with(Form form, String name, String value) {
        Map<String, String> fields = new LinkedHashMap<>();
        form.fields().stream()
                .filter(Field::required)
                .forEach(field -> fields.put(
                        field.name(),
                        right(field.shape()).reduce((one, last) -> last).orElseThrow()));
        fields.put(name, value);
        return fields.entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> "\"" + field.getKey() + "\": " + field.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static Stream<String> right(Shape shape) {
        if (shape instanceof Words words) {
            return words.words().stream().map(word -> "\"" + word + "\"");
        }
        if (shape instanceof Flag) {
            return Stream.of("true", "false");
        }
        if (shape instanceof WholeNumber number) {
            return Stream.of(number.least(), number.most()).map(String::valueOf);
        }
        if (shape instanceof Form form) {
            return Stream.of(with(form, "", ""));
        }
        if (shape instanceof Variants variants) {
            return variants.forms().stream().flatMap(Variation::right);
        }
        if (shape instanceof Named named) {
            return right(named.each()).map(each -> "{\"some\": " + each + "}");
        }
        return shape instanceof Either either
                ? Stream.concat(right(either.word()), right(either.mapping()))
                : Stream.of("\"x\"");
    }

    @Override
    public String toString() {
        return path;
    }
}
