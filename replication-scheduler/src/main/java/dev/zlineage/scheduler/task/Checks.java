// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.NamingSchema;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where problems below one field are gathered. */
record Checks(String path, List<Problem> problems) {

    Checks below(String field) {
        return new Checks(at(field), problems);
    }

    void refuse(String field, Object value, String rule, String wayOut) {
        problems.add(new Problem(at(field), value.toString(), rule, wayOut));
    }

    Optional<DatasetName> dataset(String field, String text) {
        try {
            return Optional.of(DatasetName.of(text));
        } catch (InvalidNameException e) {
            refuse(field, text, String.valueOf(e.getMessage()), "name a filesystem or volume, such as tank/data");
            return Optional.empty();
        }
    }

    void schema(String field, String pattern) {
        try {
            NamingSchema.of(pattern);
        } catch (IllegalArgumentException e) {
            refuse(field, pattern, String.valueOf(e.getMessage()), "such as auto-%Y-%m-%d_%H-%M");
        }
    }

    void positive(String field, Duration value, String example) {
        if (value.isNegative() || value.isZero()) {
            refuse(field, value, "it is no time at all", "make it longer, such as " + example);
        }
    }

    void number(String field, int value, int least, int most) {
        if (value < least || value > most) {
            refuse(field, value, "it is not between " + least + " and " + most, "choose one between");
        }
    }

    private String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
