// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

/** What would be destroyed is not what somebody has approved; nothing was done. */
final class NotApprovedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotApprovedException(String approved, String token) {
        super("what would be destroyed now is not what '" + approved
                + "' approved, and nothing was done: plan again, look at it," + " and then approve " + token);
    }
}
