// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.testkit.contract.ZfsWorld;
import dev.zlineage.testkit.lab.OpenZfsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

@Tag("lab")
@DisplayName("retention on real OpenZFS")
class RetentionOnOpenZfsTest extends RetentionInUse {

    @Override
    ZfsWorld world() {
        return Shared.WORLD;
    }

    @AfterAll
    static void destroyPools() {
        Shared.WORLD.close();
    }

    private static final class Shared {
        static final OpenZfsWorld WORLD = new OpenZfsWorld();
    }
}
