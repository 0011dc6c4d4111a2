// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

/** One of the two sides of a replication. */
public enum Side {
    /** The side that sends. */
    SOURCE,
    /** The side that receives. */
    TARGET;

    @Override
    public String toString() {
        return this == SOURCE ? "source" : "target";
    }
}
