// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.ZfsCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What shares a key on the target, where a run brings only some of it. */
class KeyGroupsOnFakeTest extends TwoFakes {

    private static final String PASSPHRASE = "correct horse";

    @BeforeEach
    void aGroupOnTheTarget() throws InterruptedException {
        nas.createEncrypted(DATA, PASSPHRASE);
        create(nas, "tank/data/a", "tank/data/b");
        snapshot(nas, "tank/data@one");
        assertThat(go().success()).isTrue();
        for (DatasetName name : List.of(COPY, COPY.child("a"), COPY.child("b"))) {
            vault.execute(new ZfsCommand.LoadKey(name, new Secret(PASSPHRASE.getBytes(StandardCharsets.UTF_8))))
                    .orThrow();
        }
        snapshot(nas, "tank/data@two");
        assertThat(go().warnings()).isEmpty();
        assertThat(dataset(vault, COPY.child("a")).encryption().orElseThrow().root())
                .isEqualTo(COPY);
        snapshot(nas, "tank/data@three");
    }

    private ReplicationPlan keeping() {
        return plan(b -> b.parallelism(1).encryption(new EncryptionChoice.AsItComes(true)));
    }

    private ReplicationResult go() throws InterruptedException {
        return replication.run(keeping());
    }

    private void cut(String... datasets) {
        nas.beforeEachSend(stream -> {
            for (String dataset : datasets) {
                if (stream.toString().contains(dataset + "@")) {
                    nas.cutNextStream(1);
                }
            }
        });
    }

    @Test
    void whatLacksTheNewKeyIsNamed() throws InterruptedException {
        cut("tank/data/a");

        ReplicationResult result = go();

        assertThat(result.count(Outcome.Replicated.class)).isEqualTo(2);
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .startsWith("backup/data/a may not be readable on the target until the rest of what shares the key of"
                        + " backup/data arrives")
                .contains("zfs change-key", ": backup/data/a is missing");
        assertThat(result.toString()).contains("warning: backup/data/a may not be readable");
        assertThat(result.toJson()).contains("backup/data/a may not be readable");
        nas.forgetFaults();
        ReplicationResult next = go();
        assertThat(next.success()).isTrue();
        assertThat(next.warnings()).isEmpty();
    }

    @Test
    void whatHasAKeyThatTheRootLacksIsNamed() throws InterruptedException {
        cut("tank/data");

        assertThat(go().warnings())
                .singleElement()
                .asString()
                .startsWith("backup/data/a, backup/data/b may not be readable")
                .contains(": backup/data is missing");
    }

    @Test
    void soIsWhatWasCancelled() throws InterruptedException {
        Cancellation cancellation = new Cancellation();

        ReplicationResult result = replication.run(
                keeping(),
                event -> {
                    if (event instanceof ReplicationEvent.StreamFinished) {
                        cancellation.cancel();
                    }
                },
                cancellation);

        assertThat(result.count(Outcome.Cancelled.class)).isEqualTo(2);
        assertThat(result.warnings())
                .singleElement()
                .asString()
                .startsWith("backup/data/a, backup/data/b may not be readable");
    }

    @Test
    void nothingIsSaidWhereNothingArrived() throws InterruptedException {
        cut("tank/data", "tank/data/a", "tank/data/b");

        assertThat(go().warnings()).isEmpty();
    }

    /** What is left out has no copy, and below what came raw an empty one takes the key. */
    @Test
    void whatIsTakenInAgainBelowWhatIsEncryptedWaitsForTheKey() throws InterruptedException {
        create(nas, "tank/data/tmp", "tank/data/tmp/keep");
        snapshot(nas, "tank/data@four");
        UnaryOperator<ReplicationRequest.Builder> some =
                b -> b.exclude(List.of("tank/data/tmp")).include(List.of("tank/data/tmp/keep"));
        for (DatasetName target : List.of(DatasetName.of("backup/new"), COPY)) {
            if (target.equals(COPY)) {
                vault.execute(new ZfsCommand.UnloadKey(COPY)).orThrow();
            }
            ReplicationPlan plan = replication.plan(some.apply(
                            ReplicationRequest.of("tank/data", target.value()).recursive(true))
                    .build());
            assertThat(plan.parents()).isEmpty();
            assertThat(replication.run(plan).toString())
                    .contains(
                            "it needs the empty parent " + target + "/tmp, which can't be created",
                            "(zfs load-key " + target + ")");
            vault.execute(new ZfsCommand.LoadKey(target, new Secret(PASSPHRASE.getBytes(StandardCharsets.UTF_8))))
                    .orThrow();
            assertThat(replication
                            .run(replication.plan(some.apply(ReplicationRequest.of("tank/data", target.value())
                                            .recursive(true))
                                    .build()))
                            .success())
                    .isTrue();
            assertThat(labels(vault, target + "/tmp/keep")).containsExactly("four");
        }
    }

    /** Each is opened by a key of its own. */
    @Test
    void nothingIsSaidOfRootsOfTheirOwn() throws InterruptedException {
        create(nas, "tank/data/c");
        snapshot(nas, "tank/data@four");
        cut("tank/data/c");
        ReplicationResult result = replication.run(plan(b -> b.encryption(new EncryptionChoice.AsItComes(false))));

        assertThat(result.success()).isFalse();
        assertThat(result.warnings()).noneMatch(warning -> warning.contains("readable"));
    }

    /** So does what is sent below one that has nothing to send itself. */
    @Test
    void whatIsSentBelowOneWithoutSnapshotsWaitsForTheKey() {
        create(nas, "tank/data/none", "tank/data/none/some");
        snapshot(nas, "tank/data/none/some@four");
        vault.execute(new ZfsCommand.UnloadKey(COPY)).orThrow();

        ReplicationPlan plan = plan();

        assertThat(plan.parents()).isEmpty();
        assertThat(plan.toString())
                .contains(
                        "it needs the empty parent " + COPY + "/none, which can't be created",
                        "(zfs load-key " + COPY + ")");
    }
}
