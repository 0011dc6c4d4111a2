// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The schemas that snapshots may be named after. Where one label tells two times by two of them, nobody knows which is meant,
 * and it is read as neither.
 *
 * @param schemas at least one, each once
 * @param reading how much like a schema a label has to be
 */
public record NamingSchemas(List<NamingSchema> schemas, NamingSchema.Reading reading) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is none
     */
    public NamingSchemas {
        schemas = schemas.stream().distinct().toList();
        if (schemas.isEmpty()) {
            throw new IllegalArgumentException("no naming schema is given");
        }
    }

    /**
     * Schemas that labels must follow to the letter.
     *
     * @param patterns see {@link NamingSchema}
     * @return the schemas
     * @throws IllegalArgumentException if one of them is none
     */
    public static NamingSchemas strict(String... patterns) {
        return new NamingSchemas(
                List.of(patterns).stream().map(NamingSchema::of).toList(), NamingSchema.Reading.STRICT);
    }

    /** What a label is to the schemas. */
    public sealed interface Read {

        /**
         * It is named after a time.
         *
         * @param schema the first schema that reads it
         * @param time the time
         */
        record Named(NamingSchema schema, NameTime time) implements Read {}

        /** It is named after none of the schemas. */
        record Foreign() implements Read {}

        /**
         * Two schemas read two times from it.
         *
         * @param one a schema
         * @param first the time by it
         * @param other another schema
         * @param second the time by that
         */
        record Ambiguous(NamingSchema one, NameTime first, NamingSchema other, NameTime second) implements Read {

            /**
             * What is wrong, for a message.
             *
             * @param label the label
             * @return a clause
             */
            public String why(String label) {
                return "@" + label + " is of " + first.local() + " by the schema " + one + ", and of " + second.local()
                        + " by " + other;
            }
        }
    }

    /**
     * Reads a label.
     *
     * @param label the part of a snapshot's name after the {@code @}
     * @return what it is
     */
    public Read read(String label) {
        Read found = new Read.Foreign();
        for (NamingSchema schema : schemas) {
            NameTime time = schema.read(label, reading).orElse(null);
            if (time == null) {
                continue;
            }
            if (found instanceof Read.Named named) {
                if (!named.time().equals(time)) {
                    return new Read.Ambiguous(named.schema(), named.time(), schema, time);
                }
            } else {
                found = new Read.Named(schema, time);
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return schemas.stream().map(NamingSchema::pattern).collect(Collectors.joining(", "))
                + (reading == NamingSchema.Reading.STRICT ? "" : " (lenient)");
    }
}
