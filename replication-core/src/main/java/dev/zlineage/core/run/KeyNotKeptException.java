// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

/** A {@link KeySink} could not keep a key. The message says why and what to do, without the key. */
public final class KeyNotKeptException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Says why.
     *
     * @param message why, and what to do
     */
    public KeyNotKeptException(String message) {
        super(message);
    }

    /**
     * Says why.
     *
     * @param message why, and what to do
     * @param cause what went wrong
     */
    public KeyNotKeptException(String message, Throwable cause) {
        super(message, cause);
    }
}
