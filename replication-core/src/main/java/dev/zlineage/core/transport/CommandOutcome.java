// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/** What came of a control command. */
public sealed interface CommandOutcome {

    /**
     * The program ran to its end.
     *
     * @param exitCode 0 for success
     * @param stdout what it printed, read by {@link LosslessText}
     * @param stderr what it printed to standard error
     */
    record Exited(int exitCode, String stdout, String stderr) implements CommandOutcome {}

    /**
     * The program was not run, or its end is not known.
     *
     * @param reason in which way
     * @param text a sentence
     */
    record NotRun(Reason reason, String text) implements CommandOutcome {}

    /** Why the end of a command is not known. */
    enum Reason {
        /** It could not be started, or the host not be reached. */
        UNREACHABLE,
        /** The host was reached, and did not let us in or could not prove which it is: trying again does not help. */
        REFUSED,
        /** It was ended because it took too long. */
        TIMED_OUT,
        /** It was ended because the caller was interrupted. */
        CANCELLED,
        /** It printed more than is kept. */
        TOO_MUCH_OUTPUT
    }
}
