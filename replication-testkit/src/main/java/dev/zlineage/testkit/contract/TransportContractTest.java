// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import dev.zlineage.core.transport.CommandRunner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What a {@link CommandRunner} has to do, as a suite of tests: arguments arrive as they are, bytes too, an end is told, and
 * nothing hangs or is left behind. To run it, extend it:
 *
 * <pre>{@code
 * class MyTransportContractTest extends TransportContractTest {
 *     protected TransportWorld world() {
 *         return timeout -> MyTransport.open(timeout);
 *     }
 * }
 * }</pre>
 *
 * <p>The host needs a POSIX shell, {@code mktemp} and {@code seq}; no ZFS.
 */
public abstract class TransportContractTest {

    /** For those who extend it. */
    protected TransportContractTest() {}

    /**
     * The host to run on. Asked for by each test.
     *
     * @return the host
     */
    protected abstract TransportWorld world();

    @Nested
    @DisplayName("commands")
    class Commands extends TransportCommandsContract {
        @Override
        TransportWorld world() {
            return TransportContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("streams")
    class Streams extends TransportStreamsContract {
        @Override
        TransportWorld world() {
            return TransportContractTest.this.world();
        }
    }
}
