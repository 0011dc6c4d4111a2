// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.testkit.contract.TransportContractTest;
import dev.zlineage.testkit.contract.TransportWorld;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The cases for transports, against the sshd of a guest, by each client. */
@Tag("lab")
@Tag("long")
class LabTransportContractTest {

    private static SshEndpoint endpoint(SshEndpoint.Client client) {
        OpenZfsLab guest = OpenZfsLab.shared();
        return SshEndpoint.of("root", "127.0.0.1")
                .port(guest.sshPort())
                .privateKey(guest.sshKey())
                .hostKeys(List.of(guest.hostKey()))
                .connectTimeout(Duration.ofMinutes(1))
                .client(client)
                .build();
    }

    @Nested
    class Library extends TransportContractTest {
        @Override
        protected TransportWorld world() {
            return timeout -> new SshjCommandRunner(
                    endpoint(SshEndpoint.Client.LIBRARY), SshOptions.DEFAULT.withCommandTimeout(timeout));
        }
    }

    @Nested
    class SystemSsh extends TransportContractTest {
        @Override
        protected TransportWorld world() {
            return timeout -> new SystemSshCommandRunner(
                    endpoint(SshEndpoint.Client.SYSTEM), SshOptions.DEFAULT.withCommandTimeout(timeout));
        }
    }
}
