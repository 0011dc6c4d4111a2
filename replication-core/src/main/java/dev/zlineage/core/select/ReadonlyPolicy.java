// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

/** What a replication does about {@code readonly} on its targets. */
public enum ReadonlyPolicy {
    /** New targets are read-only; one that is there and is not becomes so before anything is sent. */
    SET,
    /** New targets are read-only; one that is there and is not is refused, since someone may be at work in it. */
    REQUIRE,
    /** It is left as it is, or as a target inherits it or, with properties, receives it. */
    IGNORE
}
