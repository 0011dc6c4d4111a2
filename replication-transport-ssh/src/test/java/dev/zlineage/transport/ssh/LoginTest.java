// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.schmizz.sshj.common.Buffer;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connecting and logging in, and the one clear message of each way in which that fails. */
@Timeout(60)
class LoginTest {

    private static final Secret PASSPHRASE = new Secret("öpen sesame".getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    private TestSshd sshd;

    @BeforeEach
    void start() throws Exception {
        sshd = new TestSshd(folder);
    }

    @AfterEach
    void stop() throws IOException {
        sshd.close();
    }

    private static void logIn(SshEndpoint.Builder endpoint) throws IOException {
        SshConnection connection = new Connector(endpoint.build(), SshOptions.DEFAULT).connect(() -> false);
        assertThat(connection.isAlive()).isTrue();
        connection.close();
        assertThat(connection.isAlive()).isFalse();
    }

    /** Fails in seconds with words that hold these. */
    private static void assertRefused(SshEndpoint.Builder endpoint, String... words) {
        long before = System.nanoTime();
        assertThatThrownBy(() -> logIn(endpoint))
                .isInstanceOf(SshFailure.class)
                .hasMessageContainingAll(words)
                .message()
                .doesNotContain("sesame");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
    }

    private Path key(String name, KeyPair pair, Secret passphrase) throws Exception {
        Path file = folder.resolve(name);
        TestSshd.write(file, pair, passphrase);
        return file;
    }

    private SshEndpoint.Builder without() {
        return SshEndpoint.of(TestSshd.USER, "127.0.0.1")
                .port(sshd.server.getPort())
                .hostKeys(List.of(PublicKeyEntry.toString(sshd.hostKey.getPublic())));
    }

    private void letIn(PublicKey key) {
        sshd.server.setPublickeyAuthenticator((user, offered, session) -> KeyUtils.compareKeys(offered, key));
    }

    private static String line(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    private static String fingerprint(PublicKey key) {
        return KeyUtils.getFingerPrint(key);
    }

    static Stream<String> keys() {
        return Stream.of("Ed25519", "EC 256", "EC 384", "EC 521", "RSA 2048");
    }

    private static KeyPair pair(String kind) throws Exception {
        String[] words = kind.split(" ");
        return words.length == 1
                ? TestSshd.ed25519()
                : KeyUtils.generateKeyPair(
                        words[0].equals("RSA") ? "ssh-rsa" : "ecdsa-sha2-nistp" + words[1], Integer.parseInt(words[1]));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void eachKindOfKeyOpensWithAndWithoutPassphrase(String kind) throws Exception {
        KeyPair pair = pair(kind);
        letIn(pair.getPublic());

        logIn(without().privateKey(key("plain", pair, null)));
        logIn(without().privateKey(key("locked", pair, PASSPHRASE), PASSPHRASE));
        logIn(without().privateKey(new Secret(Files.readAllBytes(key("text", pair, null)))));
    }

    /** As it stands in a definition. */
    @Test
    void aKeyThatIsGivenAsText() throws Exception {
        byte[] locked = Files.readAllBytes(key("locked", sshd.userKey, PASSPHRASE));
        byte[] wrong = Files.readAllBytes(key("wrong", TestSshd.ed25519(), null));
        Secret nonsense = new Secret("sesame\n".getBytes(StandardCharsets.UTF_8));

        assertRefused(without().privateKey(new Secret(locked)), "that is given as text needs a passphrase");
        assertRefused(without().privateKey(nonsense), "that is given as text");
        assertRefused(without().privateKey(new Secret(wrong)), "accepts none of the keys that");
        assertThat(without().privateKey(nonsense).build().identities().toString())
                .isEqualTo("[that is given as text]");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void eachKindOfHostKeyIsKnownAgain(String kind) throws Exception {
        KeyPair pair = pair(kind);
        sshd.server.setKeyPairProvider(KeyPairProvider.wrap(pair));

        logIn(sshd.endpoint().knownHosts(sshd.knownHosts(sshd.name() + " " + line(pair.getPublic()))));
    }

    @Test
    void severalKeysAreTriedInTurn() throws Exception {
        logIn(without()
                .privateKey(key("other", TestSshd.ed25519(), null))
                .privateKey(key("right", sshd.userKey, null)));
    }

    @Test
    void aHostWithSeveralKeysIsAskedForAKnownOne() throws Exception {
        KeyPair rsa = pair("RSA 2048");
        sshd.server.setKeyPairProvider(KeyPairProvider.wrap(pair("EC 256"), sshd.hostKey, rsa));

        logIn(sshd.endpoint().knownHosts(sshd.knownHosts(sshd.name() + " " + line(rsa.getPublic()))));
    }

    @Test
    void aJumpHostIsPassedAndCounted() throws Exception {
        AtomicInteger handshakes = new AtomicInteger();
        try (TestSshd inner = new TestSshd(folder)) {
            SshEndpoint endpoint =
                    inner.endpoint().jump(sshd.endpoint().build()).build();
            SshOptions options = SshOptions.DEFAULT.withListener(new SshListener() {
                @Override
                public void handshake(SshEndpoint host) {
                    handshakes.incrementAndGet();
                }
            });
            SshConnection connection = new Connector(endpoint, options).connect(() -> false);

            assertThat(inner.sessions).hasSize(1);
            assertThat(sshd.sessions).hasSize(1);
            assertThat(handshakes).hasValue(2);
            connection.close();
        }
    }

    @Test
    void aJumpHostThatCannotGoOnIsNamed() throws Exception {
        int dead = deadPort();
        assertRefused(
                sshd.endpoint().port(dead).jump(sshd.endpoint().build()),
                TestSshd.USER + "@127.0.0.1:" + dead,
                "jumped over");
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nobodyListens() throws IOException {
        int dead = deadPort();
        assertRefused(sshd.endpoint().port(dead), "can't be reached", "no sshd answers at port " + dead);
    }

    @Test
    void thereIsNoSuchHost() {
        assertRefused(
                SshEndpoint.of("a", "no-such-host.invalid")
                        .privateKey(Path.of("x"))
                        .hostKeys(List.of("ssh-ed25519 AAAA")),
                "the private key x does not exist");
        assertRefused(
                SshEndpoint.of(TestSshd.USER, "no-such-host.invalid")
                        .privateKey(sshd.key)
                        .hostKeys(List.of("ssh-ed25519 AAAA")),
                "no-such-host.invalid can't be reached",
                "no host of that name");
    }

    /** It accepts, and then says nothing: sshj alone would wait for ever. */
    @Test
    void aHostThatSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    sshd.endpoint().port(silent.getLocalPort()).connectTimeout(Duration.ofMillis(300)),
                    "did not answer",
                    "exchanging keys");
        }
    }

    @Test
    void itIsNoSshd() throws Exception {
        try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answer = new Thread(() -> {
                try (var socket = web.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // the client left
                }
            });
            answer.start();
            assertRefused(sshd.endpoint().port(web.getLocalPort()), "can't be reached", "exchanging keys");
            answer.join();
        }
    }

    @Test
    void theKeyIsNotTheRightOne() throws Exception {
        Path wrong = key("wrong", TestSshd.ed25519(), null);
        assertRefused(without().privateKey(wrong), "accepts none of the keys", wrong.toString(), "authorized_keys");
    }

    @Test
    void theUserIsNotTheRightOne() {
        assertRefused(
                SshEndpoint.of("nobody", "127.0.0.1")
                        .port(sshd.server.getPort())
                        .privateKey(sshd.key)
                        .hostKeys(List.of(line(sshd.hostKey.getPublic()))),
                "nobody@127.0.0.1",
                "accepts none of the keys");
    }

    @Test
    void thePassphraseIsWrongOrMissing() throws Exception {
        Path locked = key("locked", sshd.userKey, PASSPHRASE);
        Secret wrong = new Secret("not it".getBytes(StandardCharsets.UTF_8));

        assertRefused(without().privateKey(locked, wrong), locked.toString(), "can't be opened with the passphrase");
        assertRefused(without().privateKey(locked), locked.toString(), "needs a passphrase");
        assertThat(sshd.sessions).isEmpty();
    }

    @Test
    void theKeyIsNoKey() throws IOException {
        assertRefused(
                without().privateKey(Files.writeString(folder.resolve("nonsense"), "nonsense\n")),
                "is in no known format");
    }

    @Test
    void aHostThatIsNotKnown() throws Exception {
        Path empty = sshd.knownHosts();
        assertRefused(
                sshd.endpoint().knownHosts(empty),
                "is not known",
                fingerprint(sshd.hostKey.getPublic()),
                "add this line to " + empty + ": " + sshd.name() + " " + line(sshd.hostKey.getPublic()));
        assertRefused(sshd.endpoint().knownHosts(folder.resolve("none")), "is not known", "add this line to");
        assertRefused(
                sshd.endpoint().hostKeys(List.of("ecdsa-sha2-nistp256 AAAA")),
                "only another kind is known",
                "give 'ssh-ed25519 ");
    }

    @Test
    void aHostThatIsNotTheOneItWas() throws Exception {
        PublicKey old = TestSshd.ed25519().getPublic();
        Path file = sshd.knownHosts("# ours", sshd.name() + " " + line(old));
        assertRefused(
                sshd.endpoint().knownHosts(file),
                fingerprint(sshd.hostKey.getPublic()),
                fingerprint(old),
                "change " + file + ":2");
    }

    /** The line of the host itself says yes; OpenSSH asks for the other first, and so do we. sshj does not. */
    @Test
    void aRevokedKeyIsRefusedWhateverElseIsSaid() throws Exception {
        String key = line(sshd.hostKey.getPublic());
        assertRefused(
                sshd.endpoint().knownHosts(sshd.knownHosts(sshd.name() + " " + key, "@revoked * " + key)),
                "is revoked");
    }

    @Test
    void aHostMayProveItselfByAnAuthority() throws Exception {
        KeyPair authority = TestSshd.ed25519();
        certify(authority, "127.0.0.1", Instant.now().plus(Duration.ofHours(1)));
        String line = "@cert-authority " + sshd.name() + " " + line(authority.getPublic());

        logIn(sshd.endpoint().knownHosts(sshd.knownHosts(line)));

        assertRefused(
                sshd.endpoint()
                        .knownHosts(sshd.knownHosts(
                                "@cert-authority * " + line(TestSshd.ed25519().getPublic()))),
                "is signed by",
                fingerprint(authority.getPublic()));
        assertRefused(
                sshd.endpoint().knownHosts(sshd.knownHosts(line, "@revoked * " + line(authority.getPublic()))),
                "is revoked");
    }

    @Test
    void aCertificateThatIsNotForThisHostIsRefused() throws Exception {
        KeyPair authority = TestSshd.ed25519();
        Path known = sshd.knownHosts("@cert-authority * " + line(authority.getPublic()));
        Instant later = Instant.now().plus(Duration.ofHours(1));

        certify(authority, "another", later);
        assertRefused(sshd.endpoint().knownHosts(known), "principals");

        certify(authority, "127.0.0.1", Instant.now().minusSeconds(60));
        assertRefused(sshd.endpoint().knownHosts(known), "Certificate is valid before");
    }

    /** sshj does not look at the kind. No honest server offers such a one, so it is shown to the check itself. */
    @Test
    void aCertificateForAUserIsNoneForAHost() throws Exception {
        KeyPair authority = TestSshd.ed25519();
        HostKeyCheck check = new HostKeyCheck(KnownHosts.of(new SshEndpoint.HostKeys.KnownHosts(
                sshd.knownHosts("@cert-authority * " + line(authority.getPublic())))));
        ByteArrayBuffer encoded = new ByteArrayBuffer();
        encoded.putRawPublicKey(OpenSshCertificateBuilder.userCertificate()
                .serial(1)
                .id("test")
                .publicKey(sshd.hostKey.getPublic())
                .principals(List.of("nas2"))
                .sign(authority, "ssh-ed25519"));
        PublicKey offered = new Buffer.PlainBuffer(encoded.getCompactData()).readPublicKey();

        assertThat(check.verify("nas2", 22, offered)).isFalse();
        assertThat(check.refusal().orElseThrow()).contains("made for a user");
    }

    private void certify(KeyPair authority, String principal, Instant until) throws Exception {
        OpenSshCertificate certificate = OpenSshCertificateBuilder.hostCertificate()
                .serial(1)
                .id("test")
                .publicKey(sshd.hostKey.getPublic())
                .principals(List.of(principal))
                .validAfter(Instant.now().minus(Duration.ofHours(1)))
                .validBefore(until)
                .sign(authority, "ssh-ed25519");
        sshd.server.setHostKeyCertificateProvider(session -> List.of(certificate));
        sshd.server.setSignatureFactoriesNames("ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519");
    }

    @Test
    void aCertificateBesideTheKeyIsOffered() throws Exception {
        KeyPair authority = TestSshd.ed25519();
        KeyPair pair = TestSshd.ed25519();
        OpenSshCertificate certificate = OpenSshCertificateBuilder.userCertificate()
                .serial(1)
                .id("test")
                .publicKey(pair.getPublic())
                .principals(List.of(TestSshd.USER))
                .sign(authority, "ssh-ed25519");
        Path file = key("id", pair, null);
        Files.writeString(folder.resolve("id-cert.pub"), line(certificate));
        sshd.server.setPublickeyAuthenticator((user, offered, session) -> offered instanceof OpenSshCertificate given
                && KeyUtils.compareKeys(given.getCaPubKey(), authority.getPublic()));

        logIn(without().privateKey(file));
    }

    /** As it comes, sshj has BouncyCastle encrypt, at ten times the cost. */
    @Test
    void theJdkEncrypts() throws Exception {
        JdkGcm cipher = (JdkGcm) Algorithms.config(List.of(SshEndpoint.Cipher.values()))
                .getCipherFactories()
                .get(0)
                .create();
        cipher.init(net.schmizz.sshj.transport.cipher.Cipher.Mode.Encrypt, new byte[64], new byte[64]);

        assertThat(cipher.provider()).isEqualTo("SunJCE");
    }

    @Test
    void eachCipherWorksAndTheFirstCommonOneIsTaken() throws Exception {
        for (SshEndpoint.Cipher cipher : SshEndpoint.Cipher.values()) {
            logIn(sshd.endpoint().ciphers(List.of(cipher)));
        }
        assertThat(sshd.sessions)
                .extracting(session -> session.getNegotiatedKexParameter(KexProposalOption.C2SENC))
                .containsExactly("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com");
    }
}
