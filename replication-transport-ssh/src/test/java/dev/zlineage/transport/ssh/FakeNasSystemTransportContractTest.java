// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandRunner;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.contract.TransportContractTest;
import dev.zlineage.testkit.contract.TransportWorld;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The cases for transports, by the system's ssh to a server in this JVM. */
class FakeNasSystemTransportContractTest extends TransportContractTest {

    private static FakeNas nas;

    @BeforeAll
    static void start() {
        nas = FakeNas.start(FakeZfs.openzfs23());
    }

    @AfterAll
    static void stop() {
        nas.close();
    }

    @Override
    protected TransportWorld world() {
        return new TransportWorld() {
            @Override
            public CommandRunner open(Duration commandTimeout) {
                SshEndpoint endpoint = SshEndpoint.of(nas.user(), nas.host())
                        .port(nas.port())
                        .privateKey(nas.privateKey())
                        .knownHosts(nas.knownHosts())
                        .client(SshEndpoint.Client.SYSTEM)
                        .build();
                return new SystemSshCommandRunner(endpoint, SshOptions.DEFAULT.withCommandTimeout(commandTimeout));
            }

            @Override
            public OptionalInt roundTrips() {
                return OptionalInt.of(nas.commands());
            }
        };
    }
}
