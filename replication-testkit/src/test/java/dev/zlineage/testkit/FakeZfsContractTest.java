// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;

/** The cases that real OpenZFS passes in the lab. */
class FakeZfsContractTest extends ZfsContractTest {

    private static final FakeZfsWorld WORLD = new FakeZfsWorld();

    @Override
    protected ZfsWorld world() {
        return WORLD;
    }
}
