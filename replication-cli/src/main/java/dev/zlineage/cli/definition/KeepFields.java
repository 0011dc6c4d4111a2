// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.cli.definition.Shape.Field;
import dev.zlineage.cli.definition.Shape.Form;
import dev.zlineage.cli.definition.Shape.WholeNumber;
import dev.zlineage.core.retain.RetentionPolicy.Buckets;
import java.util.List;
import java.util.Optional;

/** Grandfather, father and son: of how many hours, days, weeks, months and years the newest snapshot stays, and how many latest. */
final class KeepFields {

    private static final int MOST = 100_000;

    static final Form FORM = new Form(
            "keep",
            "Of so many hours, days, weeks, months and years that have a snapshot, the newest one stays, and so many of the latest.",
            List.of(
                    period("hourly"),
                    period("daily"),
                    period("weekly"),
                    period("monthly"),
                    period("yearly"),
                    period("latest")));

    private KeepFields() {}

    private static Field period(String name) {
        return new Field(name, new WholeNumber(0, MOST, Optional.of(0L)), false, "How many of the latest.");
    }

    static Optional<Buckets> read(Fields above) {
        return above.fields("keep").flatMap(fields -> {
            try {
                return Optional.of(new Buckets(
                        number(fields, "hourly"),
                        number(fields, "daily"),
                        number(fields, "weekly"),
                        number(fields, "monthly"),
                        number(fields, "yearly"),
                        number(fields, "latest")));
            } catch (IllegalArgumentException e) {
                above.wrong("keep", String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    private static int number(Fields fields, String name) {
        return fields.number(name).map(Long::intValue).orElse(0);
    }
}
