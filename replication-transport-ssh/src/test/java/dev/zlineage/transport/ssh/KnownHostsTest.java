// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of known hosts says; the rest is tested by logging in. */
class KnownHostsTest {

    private static final HostKey KEY = new HostKey("ssh-ed25519", "QUFBQQ==");
    private static final HostKey OTHER = new HostKey("ssh-ed25519", "QkJCQg==");

    @TempDir
    private Path folder;

    private KnownHosts known(String... lines) throws IOException {
        return KnownHosts.of(
                new SshEndpoint.HostKeys.KnownHosts(Files.write(folder.resolve("known_hosts"), List.of(lines))));
    }

    private static String line(String hosts, HostKey key) {
        return hosts + " " + key.type() + " " + key.base64() + " a comment";
    }

    private Optional<String> refuses(String host, int port, String... lines) throws IOException {
        return known(lines).refuses(host, port, KEY);
    }

    @Test
    void namesAreListsOfPatternsWithExceptions() throws IOException {
        assertThat(refuses("nas2", 22, line("nas1,nas2,10.0.0.2", KEY))).isEmpty();
        assertThat(refuses("NAS2", 22, line("nas2", KEY))).isEmpty();
        assertThat(refuses("nas22", 22, line("nas?", KEY))).isNotEmpty();
        assertThat(refuses("nas2.lan", 22, line("*.lan,!nas2.lan", KEY))).isNotEmpty();
        assertThat(refuses("nas3.lan", 22, line("*.lan,!nas2.lan", KEY))).isEmpty();
        assertThat(refuses("nasxlan", 22, line("nas.lan", KEY))).isNotEmpty();
    }

    @Test
    void namesMayBeHashed() throws Exception {
        assertThat(refuses("nas2", 22, line(hashed("nas2"), KEY))).isEmpty();
        assertThat(refuses("nas2", 2222, line(hashed("[nas2]:2222"), KEY))).isEmpty();
        assertThat(refuses("nas3", 22, line(hashed("nas2"), KEY))).isNotEmpty();
        assertThat(refuses("nas2", 22, line("|1|no|base64!", KEY), line("|2|a|b", KEY)))
                .isNotEmpty();
    }

    private static String hashed(String name) throws Exception {
        byte[] salt = "twenty bytes of salt".getBytes(StandardCharsets.UTF_8);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(salt, "HmacSHA1"));
        Base64.Encoder base64 = Base64.getEncoder();
        return "|1|" + base64.encodeToString(salt) + "|"
                + base64.encodeToString(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void anotherPortIsLookedForFirst() throws IOException {
        assertThat(refuses("nas2", 2222, line("[nas2]:2222", KEY))).isEmpty();
        assertThat(refuses("nas2", 2222, line("nas2", KEY))).isEmpty();
        assertThat(refuses("nas2", 2222, line("[nas2]:2222", OTHER), line("nas2", KEY)))
                .isNotEmpty();
        assertThat(refuses("nas2", 22, line("[nas2]:2222", KEY))).isNotEmpty();
    }

    @Test
    void linesThatAreNoneAreLeftOut() throws IOException {
        assertThat(refuses("nas2", 22, "", "  ", "# nas2 " + KEY.type(), "nas2", "@other " + line("nas2", KEY)))
                .isNotEmpty();
        assertThat(refuses("nas2", 22, "nonsense", "   " + line("nas2", KEY))).isEmpty();
    }

    @Test
    void anyOfSeveralKeysWillDo() throws IOException {
        assertThat(refuses("nas2", 22, line("nas2", OTHER), line("nas2", KEY))).isEmpty();
    }

    @Test
    void aRevokedKeyIsRefusedOnAnyPort() throws IOException {
        assertThat(refuses("nas2", 2222, line("[nas2]:2222", KEY), "@revoked " + line("nas2", KEY))
                        .orElseThrow())
                .contains("revoked", "known_hosts:2");
        assertThat(refuses("nas2", 22, line("nas2", KEY), "@revoked " + line("*", OTHER)))
                .isEmpty();
    }

    @Test
    void theFingerprintIsThatOfOpenSsh() {
        // printf AAAA | openssl dgst -sha256 -binary | base64
        assertThat(KEY.fingerprint()).isEqualTo("SHA256:Y8HdlR/+329/2WitTvo5uO1YTxYvRucVEU7hhPjekgE");
    }
}
