// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import dev.zlineage.testkit.contract.TransportContractTest;
import dev.zlineage.testkit.contract.TransportWorld;

/** The cases for transports, on this host. */
class LocalTransportContractTest extends TransportContractTest {

    @Override
    protected TransportWorld world() {
        return timeout -> new LocalCommandRunner(LocalOptions.DEFAULT.withCommandTimeout(timeout));
    }
}
