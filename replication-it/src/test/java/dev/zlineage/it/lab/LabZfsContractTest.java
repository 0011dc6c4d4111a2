// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;
import dev.zlineage.testkit.lab.OpenZfsWorld;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;

/** The contract on real OpenZFS. That the local transport changes nothing of it, {@code ForwardedZfsContractTest} shows. */
@Tag("lab")
@DisplayName("real OpenZFS")
class LabZfsContractTest extends ZfsContractTest {

    @Override
    protected ZfsWorld world() {
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
