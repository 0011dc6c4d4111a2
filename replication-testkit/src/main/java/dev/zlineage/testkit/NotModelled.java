// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

/** Thrown where real OpenZFS would do something that the fake {@code zfs} program does not know. */
final class NotModelled extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    NotModelled(String what) {
        super("FakeZfs does not model " + what);
    }
}
