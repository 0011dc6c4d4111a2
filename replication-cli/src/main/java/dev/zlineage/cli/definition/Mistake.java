// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

/**
 * One thing that is wrong in a definition file.
 *
 * @param line where, from 1; 0 where it is nowhere in particular
 * @param column where in the line, from 1
 * @param path the field, such as {@code replication-tasks.backup.retries}; empty for the whole file
 * @param message what is wrong with it, and what would be right
 */
public record Mistake(int line, int column, String path, String message) {}
