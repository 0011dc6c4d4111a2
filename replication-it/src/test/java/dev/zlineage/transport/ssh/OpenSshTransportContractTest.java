// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.it.docker.OpenSshServer;
import dev.zlineage.testkit.contract.TransportContractTest;
import dev.zlineage.testkit.contract.TransportWorld;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The cases for transports, against OpenSSH. In the package of the runner, which is nobody else's business. */
@Tag("docker")
class OpenSshTransportContractTest extends TransportContractTest {

    private static OpenSshServer server;

    @BeforeAll
    static void start() {
        server = OpenSshServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Override
    protected TransportWorld world() {
        SshEndpoint endpoint = SshEndpoint.of(server.user(), server.host())
                .port(server.port())
                .privateKey(server.privateKey())
                .hostKeys(server.hostKeys())
                .build();
        return timeout -> new SshjCommandRunner(endpoint, SshOptions.DEFAULT.withCommandTimeout(timeout));
    }
}
