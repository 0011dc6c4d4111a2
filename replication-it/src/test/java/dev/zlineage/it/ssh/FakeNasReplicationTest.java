// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of docs/testing.md: compiled and run here. */
@Timeout(60)
class FakeNasReplicationTest {

    @Test
    void aPushGoesOnWhereTheConnectionBroke() throws InterruptedException {
        FakeZfs here = FakeZfs.builder().host("here").seed(1).build();
        FakeZfs vault = FakeZfs.builder().host("vault").seed(2).build();
        DatasetName data = DatasetName.of("tank/data");
        here.execute(new ZfsCommand.CreateFilesystem(data, Map.of())).orThrow();
        here.write(data, "letter", "Dear reader".getBytes(UTF_8));
        here.write(data, "picture", random(1_000_000));
        here.execute(new ZfsCommand.TakeSnapshots(List.of(data.snapshot("monday")), Scope.SELF, Map.of()))
                .orThrow();

        try (FakeNas nas = FakeNas.start(vault);
                Zfs there = SshHost.open(SshEndpoint.of(nas.user(), nas.host())
                        .port(nas.port())
                        .privateKey(nas.privateKey())
                        .knownHosts(nas.knownHosts())
                        .build())) {
            nas.cutNextUpload(600_000);
            Replication replication = Replication.between(here, there);
            ReplicationResult result = replication.run(replication.plan(
                    ReplicationRequest.of("tank/data", "backup/data").build()));

            assertThat(result.success()).isTrue();
            assertThat(vault.contents(DatasetName.of("backup/data"))).isEqualTo(here.contents(data));
            assertThat(nas.bytesUp()).isLessThan(1_500_000); // what had arrived was not sent again
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(3).nextBytes(bytes);
        return bytes;
    }
}
