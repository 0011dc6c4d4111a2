// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandOutcome;
import java.util.Set;

/**
 * Tells whether a listing is whole but for names that do not exist: {@code zfs} then prints the others and exits with 1.
 * Any other complaint makes the whole listing a failure, since an incomplete one must never be taken for a small one.
 */
final class Missing {

    private static final String OPEN = "cannot open '";
    private static final String ALLOW = "Failed to open dataset: ";

    private Missing() {}

    static boolean only(CommandOutcome.Exited exited, Set<String> asked) {
        if (exited.exitCode() == 0) {
            return true;
        }
        if (exited.exitCode() != 1) {
            return false;
        }
        boolean some = false;
        for (String line : exited.stderr().lines().toList()) {
            if (isMissing(line, asked)) {
                some = true;
            } else if (line.startsWith(ALLOW) && asked.contains(line.substring(ALLOW.length()))) {
                // zfs allow says it twice
            } else if (!line.isBlank() && !line.equals("no datasets available")) {
                return false;
            }
        }
        return some;
    }

    private static boolean isMissing(String line, Set<String> asked) {
        int end = line.lastIndexOf("': ");
        if (!line.startsWith(OPEN) || end < OPEN.length()) {
            return false;
        }
        String reason = line.substring(end + 3);
        return asked.contains(line.substring(OPEN.length(), end))
                && (reason.equals("dataset does not exist") || reason.equals("no such pool or dataset"));
    }
}
