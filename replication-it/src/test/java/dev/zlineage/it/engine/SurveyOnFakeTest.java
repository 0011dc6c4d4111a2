// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Survey;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What somebody asks who sets a replication up. */
class SurveyOnFakeTest extends TwoFakes {

    private static Survey survey(UnaryOperator<ReplicationRequest.Builder> change) {
        return Survey.of(
                change.apply(ReplicationRequest.of(DATA.value(), COPY.value()).recursive(true))
                        .build());
    }

    private static Survey survey() {
        return survey(UnaryOperator.identity());
    }

    @Test
    void countsWhatIsSelected() {
        create(nas, "tank/data", "tank/data/a", "tank/data/tmp");
        snapshot(nas, "tank/data@d-2026-03-01_00-00");
        snapshot(nas, "tank/data@d-2026-03-02_00-00");
        snapshot(nas, "tank/data@by-hand");

        Survey.Count all = survey().count(nas);
        assertThat(all.total()).isEqualTo(9);
        assertThat(all.selected()).isEqualTo(9);

        Survey.Count some = survey(r -> r.exclude(List.of("tank/data/tmp")).snapshotsNamed(List.of("d-%Y-%m-%d_%H-%M")))
                .count(nas);
        assertThat(some.total()).isEqualTo(6);
        assertThat(some.selected()).isEqualTo(4);
        assertThat(some.obstacles()).isEmpty();

        nas.execute(new ZfsCommand.TakeSnapshots(
                        List.of(DATA.snapshot("kept")), Scope.SELF, Map.of("org.example:keep", "")))
                .orThrow();
        assertThat(survey(r -> r.snapshotsTagged("org.example:keep")).count(nas).selected())
                .isEqualTo(1);
        destroy(nas, "tank/data", "kept");

        assertThat(survey(r -> r.recursive(false).newestSnapshotOnly()).count(nas))
                .isEqualTo(new Survey.Count(3, 1, new TreeMap<>()));
    }

    @Test
    void namesWhatCannotBeTold() {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@" + "a".repeat(200));

        Survey.Count count = survey(r -> r.snapshotsMatching(".*.*.*.*.*x")).count(nas);
        assertThat(count.obstacles()).containsOnlyKeys(DATA);
        assertThat(count.selected()).isZero();
    }

    @Test
    void aSourceThatDoesNotExistHasNothing() {
        assertThat(survey().count(nas).total()).isZero();
        assertThat(survey().unmatched(nas, vault)).isEmpty();
        assertThat(survey().keys(nas, vault)).isEmpty();
    }

    /** A renamed snapshot is the same one; another one of its name is not. */
    @Test
    void whatTheTargetAloneHasIsToldByGuid() throws InterruptedException {
        create(nas, "tank/data", "tank/data/a");
        snapshot(nas, "tank/data@one");
        snapshot(nas, "tank/data@two");
        replication.run(plan(r -> r.recursive(true)));
        nas.execute(new ZfsCommand.RenameSnapshot((SnapshotName) PointName.of("tank/data@one"), "first"))
                .orThrow();
        destroy(nas, "tank/data/a", "two");
        snapshot(nas, "tank/data/a@two");
        snapshot(vault, "backup/data@mine");

        Map<DatasetName, List<Snapshot>> unmatched = survey().unmatched(nas, vault);
        assertThat(unmatched).containsOnlyKeys(COPY, COPY.child("a"));
        assertThat(unmatched.get(COPY)).extracting(Snapshot::label).containsExactly("mine");
        assertThat(unmatched.get(COPY.child("a"))).extracting(Snapshot::label).containsExactly("two", "mine");
    }

    /** One key on the source, three encryption roots on the target: what a middleware has to unlock. */
    @Test
    void whoseKeyOpensWhat() throws InterruptedException {
        nas.createEncrypted(DATA, "a passphrase");
        create(nas, "tank/data/a", "tank/data/a/b");
        nas.createEncrypted(DATA.child("other"), "another one");
        snapshot(nas, "tank/data@one");
        replication.run(plan(r -> r.recursive(true)));

        Map<DatasetName, DatasetName> keys = survey().keys(nas, vault);
        assertThat(keys)
                .containsOnly(
                        Map.entry(COPY, DATA),
                        Map.entry(COPY.child("a"), DATA),
                        Map.entry(COPY.child("a").child("b"), DATA),
                        Map.entry(COPY.child("other"), DATA.child("other")));
        keys.forEach((root, key) -> {
            String passphrase = key.equals(DATA) ? "a passphrase" : "another one";
            try (Secret secret = new Secret(passphrase.getBytes(StandardCharsets.UTF_8))) {
                vault.execute(new ZfsCommand.LoadKey(root, secret)).orThrow();
            }
        });
    }

    @Test
    void whatIsNotEncryptedNeedsNoKey() throws InterruptedException {
        create(nas, "tank/data");
        snapshot(nas, "tank/data@one");
        replication.run(plan(r -> r.recursive(true)));
        assertThat(survey().keys(nas, vault)).isEmpty();
    }
}
