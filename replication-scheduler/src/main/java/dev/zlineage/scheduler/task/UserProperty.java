// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What can be meant of a user property, as {@code zfsprops(7)} has it. */
final class UserProperty {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9:._-]{0,254}");
    private static final int MOST_BYTES = 8191;

    private UserProperty() {}

    static void check(String name, String value, Checks checks) {
        String field = "properties." + name;
        if (!name.contains(":")) {
            checks.refuse(
                    field,
                    value,
                    "snapshots take user properties alone, whose names have a colon",
                    "call it such as org.example:why");
        } else if (!NAME.matcher(name).matches()) {
            checks.refuse(
                    field,
                    value,
                    "a name has a-z, 0-9 and : . _ -, and at most 255 of them",
                    "rename it, such as org.example:why");
        } else if (name.startsWith("zlineage:")) {
            checks.refuse(
                    field,
                    value,
                    "names before that colon are for what the program itself notes",
                    "take a name of your own, such as org.example:why");
        } else if (value.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            checks.refuse(
                    field,
                    value.length() + " characters",
                    "a value has at most " + MOST_BYTES + " bytes",
                    "shorten it");
        }
    }
}
