// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;

/** The same cases through {@link CommandZfs}: its arguments, what the fake program prints, and how that is read. */
class CommandLineContractTest extends ZfsContractTest {

    private static final FakeZfsWorld WORLD = new FakeZfsWorld(zfs -> new CommandZfs(new FakeCommandRunner(zfs)));

    @Override
    protected ZfsWorld world() {
        return WORLD;
    }
}
