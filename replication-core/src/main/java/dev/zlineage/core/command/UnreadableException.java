// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

/** Something that {@code zfs} printed is not what it should be. */
final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int MAX_SHOWN = 200;

    UnreadableException(String what, String row) {
        super(what + ": '" + (row.length() > MAX_SHOWN ? row.substring(0, MAX_SHOWN) + "..." : row) + "'");
    }
}
