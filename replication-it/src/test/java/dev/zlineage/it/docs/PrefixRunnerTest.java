// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import dev.zlineage.testkit.contract.TransportContractTest;
import dev.zlineage.testkit.contract.TransportWorld;
import java.util.List;

/** The transport of docs/testing.md proves itself by the cases for transports. */
class PrefixRunnerTest extends TransportContractTest {

    @Override
    protected TransportWorld world() {
        return timeout -> new PrefixRunner(List.of("env"), timeout);
    }
}
