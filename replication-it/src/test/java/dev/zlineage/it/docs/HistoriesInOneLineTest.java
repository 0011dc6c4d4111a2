// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.Replication;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.History;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.testkit.junit.Host;
import dev.zlineage.testkit.junit.ZfsExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The histories of docs/testing.md: read, lived and compared. */
@ExtendWith(ZfsExtension.class)
class HistoriesInOneLineTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");

    @Test
    void whatIsNewIsSent(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, VirtualConcurrency time)
            throws Exception {
        Replication replication = Replication.between(nas, vault).with(time);
        ReplicationRequest request =
                ReplicationRequest.of("tank/data", "backup/data").build();
        nas.live(DatasetName.of("tank/data"), "@monday #monday");
        replication.run(replication.plan(request));
        nas.live(DatasetName.of("tank/data"), "@tuesday @wednesday"); // and goes on

        replication.run(replication.plan(request));

        assertThat(vault, "backup/data").hasHistory("@monday @tuesday @wednesday");
    }

    @Test
    void twoHistoriesAreRelatedWithoutAnyHost() {
        assertThat(Lineage.base(History.parse("@a #b @c"), History.parse("@a @b")))
                .hasValueSatisfying(
                        base -> assertThat(base.onSource().toString()).isEqualTo("#b"));
    }

    @Test
    void whatIsLivedIsWhatWasWritten(@Host("nas") FakeZfs nas) {
        nas.live(DATA, "@monday #monday @tuesday #gone @wednesday");
        assertThat(nas, "tank/data").hasHistory("@monday #monday @tuesday #gone @wednesday");
        nas.live(DATA, "  ");
        nas.live(DATA, "#thursday");
        assertThat(nas, "tank/data").hasHistory("@monday #monday @tuesday #gone @wednesday #thursday");
        assertThat(nas.read(DATA, "history")).asString().isEqualTo("thursday");
    }

    @Test
    void itIsSaidWhatIsNotUnderstood(@Host("nas") FakeZfs nas) {
        assertThatThrownBy(() -> nas.live(DATA, "@monday=4711"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("draws GUIDs");
        assertThatThrownBy(() -> nas.live(DATA, "monday")).hasMessageContaining("neither @ nor #");
        assertThat(nas, "tank/data").doesNotExist();
        nas.live(DATA, "@monday");
        assertThatThrownBy(() -> assertThat(nas, "tank/data").hasHistory("@monday #monday"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("should have the history @monday #monday")
                .hasMessageContaining("and has: @monday");
    }
}
