// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/**
 * How one end of a transfer ended.
 *
 * @param code the exit code; 0 is success, 141 a writer whose reader left. {@link #LOST} when there is none
 * @param output the last of what it printed to standard error, progress left out
 */
public record StreamExit(int code, String output) {

    /** In place of an exit code: the end is not known, because the program or the connection was lost. */
    public static final int LOST = -1;

    /** A silent success. */
    public static final StreamExit OK = new StreamExit(0, "");
}
