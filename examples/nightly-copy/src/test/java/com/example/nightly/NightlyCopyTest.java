// SPDX-License-Identifier: Apache-2.0
package com.example.nightly;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.testkit.junit.Host;
import dev.zlineage.testkit.junit.ZfsExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nights on two hosts that are fakes, and take no time. */
@ExtendWith(ZfsExtension.class)
class NightlyCopyTest {

    private final List<String> alarms = new ArrayList<>();
    private NightlyCopy nightly;

    @BeforeEach
    void twoHosts(@Host("nas") FakeZfs nas, @Host("attic") FakeZfs attic, VirtualConcurrency time) {
        for (String dataset : List.of("tank/photos", "tank/photos/raw", "tank/mail")) {
            nas.execute(new ZfsCommand.CreateFilesystem(DatasetName.of(dataset), Map.of()))
                    .orThrow();
        }
        day(nas, "monday");
        nightly = new NightlyCopy(
                Replication.between(nas, attic).with(time), List.of("photos", "mail"), alarms::add);
    }

    private static void day(FakeZfs nas, String name) {
        nas.write(DatasetName.of("tank/photos/raw"), "picture", name.getBytes(UTF_8));
        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DatasetName.of("tank").snapshot(name)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    @Test
    void copiesWhatIsNewEachNight(@Host("nas") FakeZfs nas, @Host("attic") FakeZfs attic) throws Exception {
        nightly.run();
        day(nas, "tuesday");
        nightly.run();
        assertThat(alarms).isEmpty();
        assertThat(attic, "backup/photos/raw").hasSameLineageAs(nas, "tank/photos/raw");
        assertThat(attic, "backup/mail").hasSnapshots("monday", "tuesday");
    }

    @Test
    void carriesOnWhatWasCut(@Host("nas") FakeZfs nas, @Host("attic") FakeZfs attic) throws Exception {
        nas.cutNextStream(50);
        nightly.run();
        assertThat(alarms).isEmpty();
        assertThat(attic, "backup/photos").hasSameLineageAs(nas, "tank/photos").hasNoResumeToken();
    }

    @Test
    void callsSomebodyWhereSomethingElseIsInTheWay(@Host("nas") FakeZfs nas, @Host("attic") FakeZfs attic)
            throws Exception {
        attic.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("backup/mail"), Map.of()))
                .orThrow();
        attic.write(DatasetName.of("backup/mail"), "file", "of somebody".getBytes(UTF_8));
        nightly.run();
        assertThat(alarms).containsExactly("tank/mail: TARGET_HOLDS_DATA");
        assertThat(attic, "backup/photos").hasSameLineageAs(nas, "tank/photos");
    }
}
