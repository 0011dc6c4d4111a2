// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docker;

import dev.zlineage.testkit.container.OpenZfsContainer;

/** The container that all tests of this tier share: a build boots one. It ends with the JVM. */
public final class ContainerOfTheTier {

    private static final OpenZfsContainer CONTAINER = OpenZfsContainer.boot();

    private ContainerOfTheTier() {}

    /** With the pools {@code tank} and {@code backup}, on which each test has datasets of its own. */
    public static OpenZfsContainer container() {
        return CONTAINER;
    }
}
