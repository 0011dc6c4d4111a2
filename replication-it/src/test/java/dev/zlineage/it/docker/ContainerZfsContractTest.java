// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docker;

import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;
import dev.zlineage.testkit.lab.OpenZfsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

/** The whole contract in a container. A chapter of it runs always, {@code ChapterInContainerTest}. */
@Tag("docker")
@Tag("long")
@DisplayName("real OpenZFS in a container")
class ContainerZfsContractTest extends ZfsContractTest {

    @Override
    protected ZfsWorld world() {
        return Shared.WORLD;
    }

    @AfterAll
    static void destroyPools() {
        Shared.WORLD.close();
    }

    private static final class Shared {
        static final OpenZfsWorld WORLD = new OpenZfsWorld(ContainerOfTheTier.container());
    }
}
