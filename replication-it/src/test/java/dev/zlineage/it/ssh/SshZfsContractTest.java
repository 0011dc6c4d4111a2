// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.ssh;

import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.contract.FakeZfsWorld;
import dev.zlineage.testkit.contract.ZfsContractTest;
import dev.zlineage.testkit.contract.ZfsWorld;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;

/** The whole port over SSH: what is asked for, how it is quoted and framed, what is printed, and how that is read. */
@Tag("long")
class SshZfsContractTest extends ZfsContractTest {

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final FakeZfsWorld WORLD = new FakeZfsWorld(SshZfsContractTest::overSsh);

    private static Zfs overSsh(FakeZfs fake) {
        FakeNas nas = FakeNas.start(fake);
        Zfs zfs = SshHost.open(SshEndpoint.of(nas.user(), nas.host())
                .port(nas.port())
                .privateKey(nas.privateKey())
                .knownHosts(nas.knownHosts())
                .build());
        OPEN.add(zfs);
        OPEN.add(nas);
        return zfs;
    }

    @AfterAll
    static void close() throws Exception {
        for (AutoCloseable open : OPEN) {
            open.close();
        }
    }

    @Override
    protected ZfsWorld world() {
        return WORLD;
    }
}
