// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/** A {@link ZfsFailure} thrown, for callers that have no better answer to it. */
public final class ZfsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ZfsFailure failure;

    /**
     * Wraps a failure.
     *
     * @param failure what went wrong
     */
    public ZfsException(ZfsFailure failure) {
        super(failure.toString());
        this.failure = failure;
    }

    /**
     * What went wrong.
     *
     * @return the failure
     */
    public ZfsFailure failure() {
        return failure;
    }
}
