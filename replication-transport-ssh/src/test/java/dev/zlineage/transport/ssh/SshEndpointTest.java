// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SshEndpointTest {

    private static final Path KEY = Path.of("id");

    private static void assertProblems(SshEndpoint.Builder builder, String... fields) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(builder::build)
                .satisfies(e -> assertThat(e.problems())
                        .extracting(InvalidRequestException.Problem::field)
                        .containsExactly(fields));
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertProblems(
                SshEndpoint.of("a b", "-oProxyCommand=x")
                        .port(0)
                        .hostKeys(List.of("nonsense"))
                        .zfsProgram("-x")
                        .ciphers(List.of())
                        .connectTimeout(Duration.ZERO)
                        .idleLimit(Duration.ofMillis(2999)),
                "host",
                "user",
                "port",
                "privateKey",
                "hostKeys",
                "zfsProgram",
                "ciphers",
                "connectTimeout",
                "idleLimit");
    }

    @Test
    void theSystemsProgramFindsItsKeysAndTakesNoPassphrase() {
        SshEndpoint.Builder builder = SshEndpoint.of("admin", "nas2").client(SshEndpoint.Client.SYSTEM);

        assertThat(builder.build().identities()).isEmpty();
        assertProblems(builder.privateKey(KEY, new Secret(new byte[1])), "passphrase");
        assertProblems(
                SshEndpoint.of("admin", "nas2")
                        .client(SshEndpoint.Client.SYSTEM)
                        .privateKey(new Secret(new byte[1])),
                "privateKey");
    }

    @Test
    void defaults() {
        SshEndpoint endpoint = SshEndpoint.of("admin", "nas2").privateKey(KEY).build();

        assertThat(endpoint).hasToString("admin@nas2");
        assertThat(endpoint.port()).isEqualTo(22);
        assertThat(endpoint.zfs()).containsExactly("zfs");
        assertThat(endpoint.ciphers()).startsWith(SshEndpoint.Cipher.AES128_GCM);
    }

    @Test
    void zfsIsRunThroughWhatGivesTheRight() {
        SshEndpoint.Builder builder =
                SshEndpoint.of("admin", "nas2").privateKey(KEY).zfsProgram("/sbin/zfs");

        assertThat(builder.elevation(SshEndpoint.Elevation.SUDO).build().zfs())
                .containsExactly("sudo", "-n", "/sbin/zfs");
        assertThat(builder.elevation(SshEndpoint.Elevation.DOAS).build().zfs())
                .containsExactly("doas", "-n", "/sbin/zfs");
    }

    @Test
    void aPassphraseIsNotPrinted() {
        SshEndpoint endpoint = SshEndpoint.of("admin", "nas2")
                .privateKey(KEY, new Secret("open sesame".getBytes(StandardCharsets.UTF_8)))
                .build();

        assertThat(endpoint.toString() + endpoint.identities()).doesNotContain("sesame");
    }
}
