// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the cases of the transports have in common: a way to the host of their own, and little patience. */
@Timeout(60)
abstract class TransportCase {

    private static final Duration LONG = Duration.ofMinutes(1);

    private @Nullable Remote remote;

    abstract TransportWorld world();

    @BeforeEach
    void open() {
        remote = open(LONG);
    }

    Remote open(Duration commandTimeout) {
        return new Remote(world().open(commandTimeout));
    }

    @AfterEach
    void close() {
        remote().runner().close();
    }

    Remote remote() {
        return Objects.requireNonNull(remote, "opened before each case");
    }
}
