// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsWorld;

class RetentionInUseOnFakeTest extends RetentionInUse {

    private final ZfsWorld world = new FakeZfsWorld();

    @Override
    ZfsWorld world() {
        return world;
    }
}
