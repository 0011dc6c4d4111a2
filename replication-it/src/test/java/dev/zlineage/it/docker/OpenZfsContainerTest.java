// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docker;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.container.OpenZfsContainer;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A container with real OpenZFS: what it is not allowed to do, and that it is a host nevertheless. */
@Tag("docker")
class OpenZfsContainerTest {

    private final OpenZfsContainer container = ContainerOfTheTier.container();

    @Test
    void hasNoPrivilegeNoDeviceAndNoUserOfMight() throws Exception {
        assertThat(inspected("{{.HostConfig.Privileged}} {{json .HostConfig.Devices}} {{json .HostConfig.CapAdd}}"
                        + " {{json .HostConfig.Binds}} {{json .HostConfig.SecurityOpt}} {{.Config.User}}"))
                .matches("false (null|\\[]) (null|\\[]) (null|\\[]) (null|\\[]) lab");
        assertThat(container.execInContainer("ls", "/dev").getStdout().lines()).doesNotContain("kvm", "zfs");
    }

    @Test
    void isAHostThatReplicatesOverSsh() throws Exception {
        DatasetName letters = DatasetName.of("tank/letters");
        try (Zfs zfs = container.zfs();
                Zfs overSsh = SshHost.open(SshEndpoint.of("root", container.sshHost())
                        .port(container.sshPort())
                        .privateKey(container.sshKey())
                        .hostKeys(List.of(container.hostKey()))
                        .build())) {
            zfs.execute(new ZfsCommand.CreateFilesystem(letters, Map.of())).orThrow();
            container.sh("head -c 3000000 /dev/urandom > /tank/letters/monday");
            snapshot(zfs, letters, "monday");
            Replication replication = Replication.between(overSsh, zfs);
            ReplicationRequest request =
                    ReplicationRequest.of("tank/letters", "backup/letters").build();

            ReplicationResult full = replication.run(replication.plan(request));
            container.sh("echo Dear reader > /tank/letters/tuesday");
            snapshot(zfs, letters, "tuesday");
            ReplicationResult increment = replication.run(replication.plan(request));

            assertThat(full.success()).isTrue();
            assertThat(increment.success()).isTrue();
            assertThat(zfs, "backup/letters")
                    .hasSnapshots("monday", "tuesday")
                    .hasSameLineageAs(overSsh, "tank/letters")
                    .isReadonly();
            assertThat(container.sh("zfs mount backup/letters; cat /backup/letters/tuesday"))
                    .isEqualTo("Dear reader\n");
        }
    }

    private static void snapshot(Zfs zfs, DatasetName dataset, String label) {
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(dataset.snapshot(label)), Scope.SELF, Map.of()))
                .orThrow();
    }

    private String inspected(String format) throws IOException {
        Process inspect = new ProcessBuilder("docker", "inspect", "--format", format, container.getContainerId())
                .redirectErrorStream(true)
                .start();
        return new String(inspect.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
