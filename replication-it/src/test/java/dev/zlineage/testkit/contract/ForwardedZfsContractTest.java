// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.testkit.lab.OpenZfsLab;
import dev.zlineage.testkit.lab.OpenZfsWorld;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * One chapter of the contract on real OpenZFS through the unmodified local transport, whose {@code zfs} is a program of
 * this host that forwards its arguments. The whole of it goes another, quicker way. In the package of the chapters, which
 * are nobody else's business.
 */
@Tag("lab")
@DisplayName("real OpenZFS, by the local transport and a zfs that is forwarded")
class ForwardedZfsContractTest {

    @AfterAll
    static void destroyPools() {
        Shared.WORLD.close();
    }

    @Nested
    @DisplayName("datasets and properties")
    class Datasets extends DatasetsContract {
        @Override
        ZfsWorld world() {
            return Shared.WORLD;
        }
    }

    private static final class Shared {
        static final OpenZfsWorld WORLD = new OpenZfsWorld(LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(
                OpenZfsLab.shared().zfsProgram().toString())));
    }
}
