// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.select.Excludes;
import java.util.List;

/**
 * What a task takes in again of what it leaves out.
 *
 * @param patterns for that
 * @param excludes what is left out, and these
 * @param tops what the task is about
 */
record Includes(List<String> patterns, Excludes excludes, List<String> tops) {

    /** What has no effect is a mistake: it would be missed only when it is needed. */
    void check(boolean recursive, String done, Checks checks) {
        if (!recursive && !patterns.isEmpty()) {
            checks.refuse(
                    "include",
                    patterns,
                    "nothing below is " + done + " anyway",
                    "set recursive: true of the task, or remove it");
            return;
        }
        for (int i = 0; i < patterns.size(); i++) {
            String pattern = patterns.get(i);
            String field = "include[" + i + "]";
            if (tops.stream().noneMatch(top -> pattern.startsWith(top + "/"))) {
                checks.refuse(
                        field,
                        pattern,
                        "it lies not below " + String.join(" nor below ", tops),
                        "begin it with " + String.join("/ or with ", tops) + "/");
            } else if (!excludes.canTakeIn(pattern)) {
                checks.refuse(
                        field,
                        pattern,
                        "it is not left out, so it can't be taken in again",
                        "remove it, or exclude what it lies in");
            }
        }
    }
}
