// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;

/** The same cases as OpenZFS 2.1 passes them, in the image of the lab that has it. */
class FakeZfs21ContractTest extends ZfsContractTest {

    private static final FakeZfsWorld WORLD = new FakeZfsWorld(1);

    @Override
    protected ZfsWorld world() {
        return WORLD;
    }
}
