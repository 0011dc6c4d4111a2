// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.tick;

/** Who has a target can't be told, or not be written down, such as where a disk is full. Nobody is known to be in the way. */
public final class TargetLockException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Says why.
     *
     * @param message for a reader
     * @param cause what the place said where the locks are
     */
    public TargetLockException(String message, Throwable cause) {
        super(message, cause);
    }
}
