// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

/**
 * What came of a command.
 *
 * @param <T> what a successful command answers
 */
public sealed interface Answer<T> {

    /**
     * The command did what it was asked for.
     *
     * @param value what it answers
     * @param <T> what a successful command answers
     */
    record Done<T>(T value) implements Answer<T> {}

    /**
     * The command failed, or its answer was not understood.
     *
     * @param failure why
     * @param <T> what a successful command would have answered
     */
    record Failed<T>(ZfsFailure failure) implements Answer<T> {}

    /**
     * The value of a success.
     *
     * @return what the command answered
     * @throws ZfsException if it failed
     */
    default T orThrow() {
        if (this instanceof Done<T> done) {
            return done.value();
        }
        throw new ZfsException(((Failed<T>) this).failure());
    }

    /**
     * Whether this is a failure of the given kind.
     *
     * @param kind the kind in question
     * @return false for a success and for other kinds
     */
    default boolean failedWith(ZfsFailure.Kind kind) {
        return this instanceof Failed<T> failed && failed.failure().kind() == kind;
    }
}
