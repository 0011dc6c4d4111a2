// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

/** Another run of this host writes into the target. */
final class TargetBusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    static final String WAY_OUT = "let it end, or wait for it with --wait TIME, such as --wait 1h";

    TargetBusyException(String holder) {
        super(holder);
    }
}
