// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ZfsFailure;

/** Thrown inside the fake when OpenZFS would refuse; becomes a {@link ZfsFailure} at the port. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ZfsFailure.Kind kind;

    Refusal(ZfsFailure.Kind kind, String text) {
        super(text, null, false, false);
        this.kind = kind;
    }

    ZfsFailure.Kind kind() {
        return kind;
    }

    String text() {
        return String.valueOf(getMessage());
    }

    ZfsFailure of(String command) {
        return new ZfsFailure(kind, command, text());
    }
}
