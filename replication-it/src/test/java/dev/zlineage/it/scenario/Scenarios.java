// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import dev.zlineage.testkit.contract.ZfsWorld;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;

/** Situations that a replication on one host has to survive: the same on the fake and on real OpenZFS. */
abstract class Scenarios {

    abstract ZfsWorld world();

    @Nested
    @DisplayName("beginnings and increments")
    class Begin extends Beginnings {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what was cut")
    class Cut extends Interruptions {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what has gone its own way")
    class Diverged extends Divergences {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what lies around")
    class Around extends Surroundings {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what is a clone")
    class Cloned extends Clonings {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what is gone")
    class Gone extends Prunings {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what is given")
    class Given extends Belongings {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what is encrypted otherwise")
    class Encrypted extends Encryptions {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }

    @Nested
    @DisplayName("what is meant")
    class Selected extends Selections {
        @Override
        ZfsWorld world() {
            return Scenarios.this.world();
        }
    }
}
