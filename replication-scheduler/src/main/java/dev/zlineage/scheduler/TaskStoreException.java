// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

/** The store can't be read or written. What was asked for did not happen. */
public final class TaskStoreException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Says why.
     *
     * @param message for a reader
     * @param cause what the database said
     */
    public TaskStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
