// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.zlineage.core.select.InvalidRequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SshEndpointTest {

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> new SshEndpoint(
                        "-oProxyCommand=x",
                        0,
                        "a b",
                        Path.of("id"),
                        new SshEndpoint.HostKeys.Inline(List.of("nonsense")),
                        false,
                        Duration.ZERO,
                        Optional.empty()))
                .satisfies(e -> assertThat(e.problems())
                        .extracting(InvalidRequestException.Problem::field)
                        .containsExactly("host", "user", "port", "connectTimeout", "hostKeys"));
    }

    @Test
    void defaults() {
        SshEndpoint endpoint = SshEndpoint.of(
                "admin", "nas2", Path.of("id"), new SshEndpoint.HostKeys.KnownHosts(Path.of("known_hosts")));

        assertThat(endpoint).hasToString("admin@nas2");
        assertThat(endpoint.port()).isEqualTo(22);
        assertThat(endpoint.sudo()).isFalse();
    }
}
