// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsWorld;
import org.junit.jupiter.api.DisplayName;

@DisplayName("scenarios on the fake")
class ScenariosOnFakeTest extends Scenarios {

    private static final ZfsWorld WORLD = new FakeZfsWorld();

    @Override
    ZfsWorld world() {
        return WORLD;
    }
}
