// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.lab.OpenZfsLab;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real OpenZFS behind a real sshd, by each client; the path to it is the one of users, without the lab's forwarder. */
@Tag("lab")
class SshToGuestTest {

    private static final OpenZfsLab GUEST = OpenZfsLab.shared();

    static SshEndpoint.Builder endpoint(String user, SshEndpoint.Client client) {
        return SshEndpoint.of(user, "127.0.0.1")
                .port(Integer.parseInt(setting("Port")))
                .privateKey(Path.of(setting("IdentityFile")))
                .knownHosts(Path.of(setting("UserKnownHostsFile")))
                .connectTimeout(Duration.ofMinutes(1))
                .client(client);
    }

    private static String setting(String name) {
        try {
            return Files.readAllLines(GUEST.sshConfig()).stream()
                    .map(String::strip)
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> line.substring(name.length()).strip().replace("\"", ""))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void replicatesATreeWithHostileNamesTwice(SshEndpoint.Client client) throws InterruptedException {
        String name = "ssh-" + client.name().toLowerCase(Locale.ROOT);
        GUEST.sh("""
                zfs create "tank/$1"; zfs create "tank/$1/a b"; zfs create "tank/$1/a:b.c"
                head -c 3000000 /dev/urandom > "/tank/$1/a b/f"; zfs snapshot -r "tank/$1@one"
                """, name);
        ReplicationRequest request = ReplicationRequest.of("tank/" + name, "backup/" + name)
                .recursive(true)
                .build();
        try (Zfs nas = SshHost.open(endpoint("root", client).build())) {
            Replication replication = Replication.between(nas, nas);
            ReplicationResult first = replication.run(replication.plan(request));
            assertThat(first.success()).as(first.toString()).isTrue();
            GUEST.sh("echo two > \"/tank/$1/a b/f\"; zfs snapshot -r \"tank/$1@two\"", name);
            ReplicationResult second = replication.run(replication.plan(request));
            assertThat(second.success()).as(second.toString()).isTrue();
        }
        assertThat(guids("backup/" + name)).isEqualTo(guids("tank/" + name)).hasLineCount(6);
    }

    private static String guids(String dataset) {
        return GUEST.sh("zfs list -H -p -r -t snapshot -o guid \"$1\" | sort", dataset);
    }

    /** Bytes of a raw key, a line feed and a zero among them, arrive as they are. */
    @ParameterizedTest
    @EnumSource
    void aKeyTravels(SshEndpoint.Client client) throws IOException {
        DatasetName dataset =
                DatasetName.of("tank").child("key-" + client.name().toLowerCase(Locale.ROOT));
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (i * 37);
        }
        key[5] = '\n';
        key[6] = '\\';
        StringBuilder octal = new StringBuilder();
        for (byte b : key) {
            octal.append(String.format(Locale.ROOT, "\\%03o", b & 0xff));
        }
        GUEST.sh(
                "printf \"$2\" | zfs create -o encryption=on -o keyformat=raw \"$1\"; zfs unmount \"$1\"; zfs unload-key \"$1\"",
                dataset.value(),
                octal.toString());
        try (Zfs nas = SshHost.open(endpoint("root", client).build());
                Secret secret = new Secret(key)) {
            Answer<Effect> answer = nas.execute(new ZfsCommand.LoadKey(dataset, secret));
            assertThat(answer.orThrow()).isEqualTo(Effect.DONE);
        }
        assertThat(GUEST.sh("zfs get -H -o value keystatus \"$1\"", dataset.value()))
                .isEqualTo("available\n");
    }

    /** The guest's nasadmin finds {@code zfs} though its login's path has no {@code sbin}, and may run it by sudo. */
    @ParameterizedTest
    @EnumSource
    void anUnprivilegedUserFindsZfs(SshEndpoint.Client client) {
        for (SshEndpoint.Elevation by :
                new SshEndpoint.Elevation[] {SshEndpoint.Elevation.NONE, SshEndpoint.Elevation.SUDO}) {
            try (Zfs nas =
                    SshHost.open(endpoint("nasadmin", client).elevation(by).build())) {
                assertThat(nas.version().atLeast(2, 3)).as("%s", by).isTrue();
            }
        }
    }
}
