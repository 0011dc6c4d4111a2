// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/**
 * What an implementation of {@link dev.zlineage.core.zfs.Zfs} has to do, as a suite of tests. The fake and the real
 * OpenZFS both pass it, so that whoever tests against the fake tests against what ZFS does. To run it, extend it:
 *
 * <pre>{@code
 * class MyZfsContractTest extends ZfsContractTest {
 *     protected ZfsWorld world() {
 *         return MyWorld.shared();
 *     }
 * }
 * }</pre>
 *
 * The cases say what OpenZFS 2.3 does. They share a host and work in sandboxes of their own.
 */
public abstract class ZfsContractTest {

    /** For those who extend it. */
    protected ZfsContractTest() {}

    /**
     * The host to run on. Asked for many times by each test, so it is made once.
     *
     * @return the host
     */
    protected abstract ZfsWorld world();

    @Nested
    @DisplayName("what can be asked")
    class Listing extends ListingContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("snapshots, bookmarks, rollback")
    class Points extends PointsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("holds and destroying")
    class Holds extends HoldsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("datasets and properties")
    class Datasets extends DatasetsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("sending and receiving")
    class Streams extends StreamsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("interrupted streams")
    class Partial extends PartialContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("properties that travel")
    class Travelling extends PropertiesContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("quotas")
    class Quotas extends QuotaContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("encryption")
    class Keys extends KeysContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("keys in files")
    class KeyFiles extends KeyFilesContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("reading what a snapshot holds")
    class ReadingContents extends ContentsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("what people type")
    class Typed extends CommandsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }

    @Nested
    @DisplayName("traps")
    class Traps extends TrapsContract {
        @Override
        ZfsWorld world() {
            return ZfsContractTest.this.world();
        }
    }
}
