// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.keyverifier.RejectAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client of a fake NAS sees, by a client that has nothing to do with ours. */
@Timeout(60)
class FakeNasTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final DatasetName A = DatasetName.of("tank/a");

    private final FakeZfs fake = FakeZfs.builder().host("nas").seed(3).build();
    private final FakeNas nas = FakeNas.start(fake);
    private final SshClient client = SshClient.setUpDefaultClient();

    FakeNasTest() throws IOException {
        client.setServerKeyVerifier(
                new KnownHostsServerKeyVerifier(RejectAllServerKeyVerifier.INSTANCE, nas.knownHosts()));
        client.start();
        fake.execute(new ZfsCommand.CreateFilesystem(A, Map.of())).orThrow();
        byte[] bytes = new byte[1_000_000];
        new Random(7).nextBytes(bytes);
        fake.write(A, "file", bytes);
        World.take(fake, "tank/a@1");
    }

    @AfterEach
    void stop() {
        client.stop();
        nas.close();
    }

    private record Ran(Integer code, byte[] out, String err) {
        String text() {
            return new String(out, UTF_8);
        }
    }

    private ClientSession login() throws Exception {
        ClientSession session = client.connect(nas.user(), nas.host(), nas.port())
                .verify(PATIENCE)
                .getSession();
        try (InputStream key = Files.newInputStream(nas.privateKey())) {
            for (KeyPair pair : SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("id"), key, null)) {
                session.addPublicKeyIdentity(pair);
            }
        }
        session.auth().verify(PATIENCE);
        return session;
    }

    private static Ran run(ClientSession session, String command, byte[] input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (ClientChannel channel = session.createExecChannel(command)) {
            channel.setIn(new ByteArrayInputStream(input));
            channel.setOut(out);
            channel.setErr(err);
            channel.open().verify(PATIENCE);
            assertThat(channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE))
                    .contains(ClientChannelEvent.CLOSED);
            return new Ran(channel.getExitStatus(), out.toByteArray(), err.toString(UTF_8));
        }
    }

    private Ran run(String command) throws Exception {
        return run(command, new byte[0]);
    }

    private Ran run(String command, byte[] input) throws Exception {
        try (ClientSession session = login()) {
            return run(session, command, input);
        }
    }

    @Test
    @DisplayName("commands run in a real shell, in which zfs is the fake's")
    void commands() throws Exception {
        try (ClientSession session = login()) {
            assertThat(run(session, "zfs version | head -1; exit 7", new byte[0]))
                    .satisfies(ran -> assertThat(ran.text()).isEqualTo("zfs-2.3.2\n"))
                    .satisfies(ran -> assertThat(ran.code()).isEqualTo(7));
            Ran missing = run(session, "sudo -n zfs list -H -p -o name tank/a 'tank/a b'", new byte[0]);
            assertThat(missing.text()).isEqualTo("tank/a\n");
            assertThat(missing.err()).isEqualTo("cannot open 'tank/a b': dataset does not exist\n");
            assertThat(missing.code()).isEqualTo(1);
            assertThat(run(session, "zfs set 'com.ex:p=a\"b'\"'\"'c\nd' tank/a", new byte[0])
                            .code())
                    .isZero();
            assertThat(run(session, "zfs get -Hp -o value com.ex:p tank/a", new byte[0])
                            .text())
                    .isEqualTo("a\"b'c\nd\n");
            assertThat(run(session, "zfs diff", new byte[0]).code()).isEqualTo(64);
        }
        assertThat(nas.connections()).isEqualTo(1);
        assertThat(nas.commands()).isEqualTo(5);
    }

    @Test
    @DisplayName("a stream goes out with its report and comes in again")
    void streams() throws Exception {
        Ran sent = run("zfs send -v -P tank/a@1");
        assertThat(sent.code()).isZero();
        assertThat(sent.err()).matches("full\ttank/a@1\t\\d+\nsize\t\\d+\n");
        assertThat(nas.bytesDown()).isEqualTo(sent.out().length);
        Ran received = run("zfs receive -u backup/a", sent.out());
        assertThat(received.err()).isEmpty();
        assertThat(received.code()).isZero();
        assertThat(nas.bytesUp()).isEqualTo(sent.out().length);
        assertThat(fake.contents(DatasetName.of("backup/a"))).isEqualTo(fake.contents(A));
        Ran again = run("zfs receive -u backup/a", sent.out());
        assertThat(again.err()).contains("must specify -F to overwrite it");
        assertThat(again.code()).isEqualTo(1);
        assertThat(run("zfs send -v -P tank/a@2").code()).isEqualTo(1);
        assertThat(run("zfs send -v -P tank/a@1 | head -c 1; sleep 0").out()).hasSize(1);
    }

    @Test
    @DisplayName("a long stream whose reader leaves ends, and its snapshot is free again")
    void readerLeaves() throws Exception {
        fake.write(A, "big", new byte[30_000_000]);
        World.take(fake, "tank/a@2");
        assertThat(run("zfs send -v -P tank/a@2 | head -c 1").out()).hasSize(1);
        assertThat(run("zfs destroy tank/a@2").code()).isZero();
    }

    @Test
    @DisplayName("a passphrase comes by standard input")
    void keys() throws Exception {
        DatasetName secret = DatasetName.of("tank/e");
        fake.createEncrypted(secret, "correct horse");
        fake.unmount(secret);
        assertThat(run("zfs unload-key tank/e").code()).isZero();
        assertThat(run("zfs load-key -L prompt tank/e", "wrong horse".getBytes(UTF_8))
                        .err())
                .contains("Incorrect key provided");
        assertThat(run("zfs load-key -L prompt tank/e", "correct horse".getBytes(UTF_8))
                        .code())
                .isZero();
    }

    @Test
    @DisplayName("a cut on the way up leaves a token, one on the way down at most so many bytes")
    void cuts() throws Exception {
        byte[] stream = run("zfs send -v -P tank/a@1").out();
        nas.cutNextUpload(600_000);
        Ran cut = run("zfs receive -s -u backup/a", stream);
        assertThat(cut.code()).isNull();
        DatasetName target = DatasetName.of("backup/a");
        run("until zfs list -Hp -o receive_resume_token backup/a 2>/dev/null | grep -q ^1-; do sleep 0.05; done");
        assertThat(World.row(fake, target).resumeToken()).isPresent();
        nas.cutNextDownload(100_000);
        Ran down = run("zfs send -v -P tank/a@1");
        assertThat(down.code()).isNull();
        assertThat(down.out().length).isLessThanOrEqualTo(100_000);
        fake.cutNextStream(50_000);
        assertThat(run("zfs send -v -P tank/a@1").code()).isNull();
        assertThat(run("zfs send -v -P tank/a@1").out()).isEqualTo(stream);
    }

    @Test
    @DisplayName("it refuses connections, logins and sessions, and loses exit codes, as it is told to")
    void refusals() throws Exception {
        nas.refuseLogins(true);
        assertThatThrownBy(() -> run("true")).hasMessageContaining("authentication");
        nas.refuseLogins(false);
        nas.refuseConnections(true);
        assertThatThrownBy(() -> run("true")).isInstanceOf(IOException.class);
        nas.refuseConnections(false);
        nas.loseNextExitStatus();
        assertThat(run("echo done; exit 3"))
                .satisfies(ran -> assertThat(ran.text()).isEqualTo("done\n"))
                .satisfies(ran -> assertThat(ran.code()).isNull());
        nas.maxSessions(1);
        try (ClientSession session = login();
                ClientChannel first = session.createExecChannel("cat")) {
            first.open().verify(PATIENCE);
            assertThatThrownBy(() -> run(session, "true", new byte[0])).hasMessageContaining("SshChannelOpenException");
            first.close(false).await(PATIENCE);
            assertThat(run(session, "exit 5", new byte[0]).code()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("a network that is slow, small, frozen or broken")
    void network() throws Exception {
        try (ClientSession session = login()) {
            nas.latency(Duration.ofMillis(60));
            long start = System.nanoTime();
            run(session, "true", new byte[0]);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(110));
            nas.latency(Duration.ZERO).bandwidth(1_000_000);
            start = System.nanoTime();
            run(session, "head -c 300000 /dev/zero", new byte[0]);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(290));
            nas.bandwidth(Long.MAX_VALUE);
            nas.freeze(true);
            try (ClientChannel channel = session.createExecChannel("true")) {
                channel.setOut(OutputStream.nullOutputStream());
                var opening = channel.open();
                assertThat(opening.await(Duration.ofMillis(300))).isFalse();
                nas.freeze(false);
                assertThat(opening.await(PATIENCE)).isTrue();
            }
            nas.dropConnections();
            assertThat(session.waitFor(EnumSet.of(ClientSession.ClientSessionEvent.CLOSED), PATIENCE))
                    .contains(ClientSession.ClientSessionEvent.CLOSED);
        }
    }
}
