// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.it.docker.ContainerOfTheTier;
import dev.zlineage.testkit.lab.OpenZfsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** One chapter of the contract in a container. In the package of the chapters, which are nobody else's business. */
@Tag("docker")
@DisplayName("real OpenZFS in a container")
class ChapterInContainerTest {

    @AfterAll
    static void destroyPools() {
        Shared.WORLD.close();
    }

    @Nested
    @DisplayName("holds and destroying")
    class Holds extends HoldsContract {
        @Override
        ZfsWorld world() {
            return Shared.WORLD;
        }
    }

    private static final class Shared {
        static final OpenZfsWorld WORLD = new OpenZfsWorld(ContainerOfTheTier.container());
    }
}
