// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

/** A daemon answered that it could not do what it was told. */
final class DaemonRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DaemonRefusedException(String message) {
        super(message);
    }
}
