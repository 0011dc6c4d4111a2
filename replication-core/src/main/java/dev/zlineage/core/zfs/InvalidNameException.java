// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** A text that OpenZFS would refuse as a name. The message names the text and the reason. */
public final class InvalidNameException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidNameException(String what, String value, String reason) {
        super("'" + value.replaceAll("[\\p{Cntrl}]", "?") + "' is no valid " + what + ": " + reason);
    }
}
