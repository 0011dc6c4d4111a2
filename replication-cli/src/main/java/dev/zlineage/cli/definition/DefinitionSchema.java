// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Either;
import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Flag;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.Named;
import dev.zlineage.cli.definition.Shape.Text;
import dev.zlineage.cli.definition.Shape.Texts;
import dev.zlineage.cli.definition.Shape.Variants;
import dev.zlineage.cli.definition.Shape.WholeNumber;
import dev.zlineage.cli.definition.Shape.Words;
import dev.zlineage.core.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The format of definition files as a JSON Schema (draft 2020-12), for editors. It has the fields, their kinds, words, ranges and
 * defaults, from the declaration that the reader reads by; what concerns several fields, other tasks or the contents of a text is left
 * to {@link DefinitionFile}.
 */
public final class DefinitionSchema {

    private final JsonWriter out = new JsonWriter(true);

    private DefinitionSchema() {}

    /**
     * Writes the schema.
     *
     * @return a JSON document, the same each time
     */
    public static String json() {
        DefinitionSchema schema = new DefinitionSchema();
        schema.write();
        return schema.out.toString();
    }

    private void write() {
        Map<String, Form> forms = new TreeMap<>();
        Format.FILE.fields().forEach(field -> collect(field.shape(), forms));
        out.object().name("$schema").value("https://json-schema.org/draft/2020-12/schema");
        out.name("title").value("zlineage definition file");
        form(Format.FILE);
        out.name("$defs").object();
        forms.forEach((name, form) -> {
            out.name(name).object();
            form(form);
            out.endObject();
        });
        out.endObject().endObject();
    }

    private static void collect(Shape shape, Map<String, Form> forms) {
        if (shape instanceof Form form) {
            forms.put(form.name(), form);
            form.fields().forEach(field -> collect(field.shape(), forms));
        } else if (shape instanceof Named named) {
            collect(named.each(), forms);
        } else if (shape instanceof Variants variants) {
            variants.forms().forEach(form -> collect(form, forms));
        } else if (shape instanceof Either either) {
            collect(either.mapping(), forms);
        }
    }

    private void form(Form form) {
        out.name("description").value(form.description());
        out.name("type").value("object");
        out.name("properties").object();
        for (Field field : form.fields()) {
            out.name(field.name()).object();
            out.name("description").value(field.description());
            shape(field.shape(), !field.required());
            out.endObject();
        }
        out.endObject();
        if (form.fields().stream().anyMatch(Field::required)) {
            out.name("required").array();
            form.fields().stream().filter(Field::required).map(Field::name).forEach(out::value);
            out.endArray();
        }
        out.name("additionalProperties").value(false);
    }

    /** The members that say what a value looks like. A field of the format without a value has null. */
    private void shape(Shape shape, boolean orNull) {
        if (shape instanceof Text text) {
            types(orNull, "string", "number");
            text.otherwise().ifPresent(word -> out.name("default").value(word));
            if (text.secret()) {
                out.name("writeOnly").value(true);
            }
        } else if (shape instanceof Words words) {
            words(words, orNull);
        } else if (shape instanceof Flag flag) {
            types(orNull, "boolean");
            out.name("default").value(flag.otherwise());
        } else if (shape instanceof WholeNumber number) {
            number(number, orNull);
        } else if (shape instanceof Texts) {
            types(orNull, "array", "string", "number");
            out.name("items").object();
            types(false, "string", "number");
            out.endObject();
        } else if (shape instanceof Named named) {
            types(orNull, "object");
            out.name("additionalProperties").object();
            shape(named.each(), false);
            out.endObject();
        } else if (shape instanceof Form form && !orNull) {
            out.name("$ref").value("#/$defs/" + form.name());
        } else {
            anyOf(alternatives(shape), orNull);
        }
    }

    private void types(boolean orNull, String... types) {
        if (types.length == 1 && !orNull) {
            out.name("type").value(types[0]);
            return;
        }
        out.name("type").array();
        List.of(types).forEach(out::value);
        if (orNull) {
            out.value("null");
        }
        out.endArray();
    }

    private void words(Words words, boolean orNull) {
        out.name("enum").array();
        words.words().forEach(out::value);
        if (orNull) {
            out.json("null");
        }
        out.endArray();
        words.otherwise().ifPresent(word -> out.name("default").value(word));
    }

    private void number(WholeNumber number, boolean orNull) {
        types(orNull, "integer");
        out.name("minimum").value(number.least());
        out.name("maximum").value(number.most());
        number.otherwise().ifPresent(otherwise -> out.name("default").value(otherwise));
    }

    private static Stream<Shape> alternatives(Shape shape) {
        if (shape instanceof Either either) {
            return Stream.concat(Stream.of(either.word()), alternatives(either.mapping()));
        }
        return shape instanceof Variants variants ? variants.forms().stream().map(form -> form) : Stream.of(shape);
    }

    private void anyOf(Stream<Shape> shapes, boolean orNull) {
        out.name("anyOf").array();
        shapes.forEach(shape -> {
            out.object();
            shape(shape, false);
            out.endObject();
        });
        if (orNull) {
            out.object().name("type").value("null").endObject();
        }
        out.endArray();
    }
}
