// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import org.junit.jupiter.api.Test;

class ReplicationTaskTest {

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        ReplicationRequest request = ReplicationRequest.of("tank/a", "backup/a").build();

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> new ReplicationTask(" ", request, true, 0))
                .withMessageContaining("name: ")
                .withMessageContaining("attempts: 0");
    }
}
