// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

/**
 * One thing in a definition that can't be meant.
 *
 * @param path the field, such as {@code replication-tasks.backup.exclude[1]}
 * @param value what stands there; never a secret
 * @param rule what is wrong with it
 * @param wayOut what would be right
 */
public record Problem(String path, String value, String rule, String wayOut) {

    /** One line: all four. */
    @Override
    public String toString() {
        return path + ": " + (value.isEmpty() ? "" : "'" + value + "': ") + rule + "; " + wayOut;
    }
}
