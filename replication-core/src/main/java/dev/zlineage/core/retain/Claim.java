// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.select.NamingSchemas;
import java.util.regex.Pattern;

/** Which snapshots of its datasets an owner owns, and what tells it when they were taken. */
public sealed interface Claim {

    /**
     * Those named after a time, which is when they were taken.
     *
     * @param schemas how they are named
     */
    record Named(NamingSchemas schemas) implements Claim {}

    /**
     * Those whose label matches a regular expression as a whole, taken when OpenZFS says.
     *
     * @param regex in the syntax of {@link Pattern}
     */
    record Matching(String regex) implements Claim {

        /**
         * Checks the expression.
         *
         * @throws java.util.regex.PatternSyntaxException if it is none
         */
        public Matching {
            Pattern.compile(regex);
        }
    }

    /** Every snapshot, taken when OpenZFS says. */
    record All() implements Claim {}
}
