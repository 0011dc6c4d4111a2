// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the value of a field may look like. The reader holds a file to it, and the schema tells it to editors. */
sealed interface Shape {

    /** A text, which may be written like a number. */
    record Text(Optional<String> otherwise, boolean secret) implements Shape {}

    /** One of a few words. */
    record Words(List<String> words, Optional<String> otherwise) implements Shape {

        /** How a constant is written in a file. */
        static String word(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
    }

    /** True or false. */
    record Flag(boolean otherwise) implements Shape {}

    /** A whole number. */
    record WholeNumber(long least, long most, Optional<Long> otherwise) implements Shape {}

    /** A list of texts, or one text. */
    record Texts() implements Shape {}

    /** A word in the place of what could be written out. */
    record Either(Shape word, Mapping mapping) implements Shape {}

    /** Fields with values. */
    sealed interface Mapping extends Shape {}

    /** Fields that whoever writes the file gives their names to. */
    record Named(Shape each) implements Mapping {}

    /** Fields with fixed names, in the order in which they are told. */
    record Form(String name, String description, List<Field> fields) implements Mapping {}

    /** One of several forms. The field {@code by} is the first of each, and its only word tells which it is. */
    record Variants(String by, String description, List<Form> forms) implements Mapping {

        /** The words that there are, each with its form. */
        Map<String, Form> byWord() {
            Map<String, Form> all = new LinkedHashMap<>();
            for (Form form : forms) {
                ((Words) form.fields().get(0).shape()).words().forEach(word -> all.put(word, form));
            }
            return all;
        }
    }

    /** A field of a form. One that is not required and has no value counts as absent. */
    record Field(String name, Shape shape, boolean required, String description) {}

    /** This shape, or the part of it that is of a kind. */
    default <S extends Shape> Optional<S> as(Class<S> kind) {
        if (this instanceof Either either) {
            return either.word().as(kind).or(() -> either.mapping().as(kind));
        }
        return Optional.of(this).filter(kind::isInstance).map(kind::cast);
    }
}
