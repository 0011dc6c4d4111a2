// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import static dev.zlineage.testkit.assertj.ZfsAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.Replication;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import dev.zlineage.testkit.junit.Host;
import dev.zlineage.testkit.junit.ZfsExtension;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first test of docs/testing.md, and what its assertions say. */
@ExtendWith(ZfsExtension.class)
class FirstTestExampleTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");

    private static void letter(FakeZfs nas, String label) {
        if (label.equals("monday")) {
            nas.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        }
        nas.write(DATA, "letter", label.getBytes(UTF_8));
        take(nas, DATA.snapshot(label));
    }

    private static void take(FakeZfs zfs, SnapshotName name) {
        zfs.execute(new ZfsCommand.TakeSnapshots(List.of(name), Scope.SELF, Map.of()))
                .orThrow();
    }

    @Test
    void whatWasCutIsCarriedOn(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, VirtualConcurrency time)
            throws Exception {
        letter(nas, "monday");
        Replication replication = Replication.between(nas, vault).with(time);
        ReplicationRequest request =
                ReplicationRequest.of("tank/data", "backup/data").build();
        nas.cutNextStream(100);

        replication.run(replication.plan(request)); // tries again by itself, after a while that nobody waits for

        assertThat(vault, "backup/data")
                .hasSameLineageAs(nas, "tank/data")
                .hasNoResumeToken()
                .isReadonly();
        assertThat(nas, "tank/data").hasNoHolds();
    }

    @Test
    void aServerIsTheHostOfItsName(
            @Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, @Host("vault") FakeNas server) throws Exception {
        letter(nas, "monday");
        try (Zfs there = SshHost.open(SshEndpoint.of(server.user(), server.host())
                .port(server.port())
                .privateKey(server.privateKey())
                .knownHosts(server.knownHosts())
                .build())) {
            Replication replication = Replication.between(nas, there);
            replication.run(replication.plan(
                    ReplicationRequest.of("tank/data", "backup/data").build()));
        }
        assertThat(vault, "backup/data").hasSnapshots("monday").hasBaseIn(nas, "tank/data");
    }

    @Test
    void eachTestHasNewHosts(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault, @Host("nas") FakeZfs same) {
        assertThat(nas, "tank/data").doesNotExist();
        assertThat(same).isSameAs(nas).isNotSameAs(vault);
    }

    @Test
    void eachAssertionFailsInTheWordsOfZfs(@Host("nas") FakeZfs nas, @Host("vault") FakeZfs vault) {
        letter(nas, "monday");
        letter(nas, "tuesday");
        nas.execute(new ZfsCommand.Hold("keep", List.of(DATA.snapshot("monday"))))
                .orThrow();
        vault.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        take(vault, DATA.snapshot("monday"));
        fails(() -> assertThat(nas, "tank/other").exists(), "tank/other on nas should exist");
        fails(() -> assertThat(nas, "tank/data").doesNotExist(), "tank/data on nas should not exist");
        fails(() -> assertThat(nas, "tank/data").hasSnapshots("tuesday", "monday"), "and has [monday, tuesday]");
        fails(() -> assertThat(nas, "tank/data").hasBookmarks("mark"), "should have the bookmarks [mark], and has []");
        fails(() -> assertThat(vault, "tank/data").hasSameLineageAs(nas, "tank/data"), "of tank/data on nas");
        fails(
                () -> assertThat(vault, "tank/data").hasBaseIn(nas, "tank/data"),
                "share a snapshot with tank/data on nas");
        fails(() -> assertThat(nas, "tank/data").hasResumeToken(), "should hold an interrupted receive");
        fails(() -> assertThat(nas, "tank/data").isReadonly(), "should be readonly");
        fails(() -> assertThat(nas, "tank/data").hasNoHolds(), "tank/data@monday=[keep]");
    }

    private static void fails(org.assertj.core.api.ThrowableAssert.ThrowingCallable what, String message) {
        assertThatThrownBy(what).isInstanceOf(AssertionError.class).hasMessageContaining(message);
    }
}
