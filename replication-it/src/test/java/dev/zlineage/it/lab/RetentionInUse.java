// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Retention;
import dev.zlineage.core.retain.Claim;
import dev.zlineage.core.retain.Owner;
import dev.zlineage.core.retain.RetentionPolicy;
import dev.zlineage.core.retain.RetentionRequest;
import dev.zlineage.core.retain.RetentionResult;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.contract.ZfsWorld;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Retention where some snapshots can't be destroyed. */
abstract class RetentionInUse {

    abstract ZfsWorld world();

    @Test
    @DisplayName("held and cloned snapshots are left and reported, a term in a property is kept, and the rest goes")
    void heldAndCloned() {
        Zfs zfs = world().zfs();
        DatasetName data = world().sandbox();
        List<SnapshotName> names =
                IntStream.range(0, 12).mapToObj(i -> data.snapshot("s" + i)).toList();
        for (SnapshotName name : names) {
            Map<String, String> term =
                    name.label().equals("s5") ? Map.of("zlineage:destroy_at", "2100-01-01") : Map.of();
            zfs.execute(new ZfsCommand.TakeSnapshots(List.of(name), Scope.SELF, term))
                    .orThrow();
        }
        zfs.execute(new ZfsCommand.Hold("mine", List.of(names.get(2)))).orThrow();
        zfs.execute(new ZfsCommand.CloneSnapshot(names.get(7), data.child("clone"), Map.of("canmount", "off")))
                .orThrow();
        Retention retention = Retention.on(zfs);
        RetentionRequest request = new RetentionRequest(
                        List.of(
                                new Owner("newest", data::equals, new Claim.All(), new RetentionPolicy.KeepNewest(2)),
                                new Owner(
                                        "term",
                                        data::equals,
                                        new Claim.All(),
                                        new RetentionPolicy.ExpiryProperty("zlineage:destroy_at"))),
                        Instant.parse("2026-03-10T00:00:00Z"),
                        ZoneOffset.UTC)
                .withMaximumShare(1);

        RetentionResult result = retention.run(retention.plan(request, List.of(data)));

        assertThat(result.success()).as(result.toString()).isTrue();
        assertThat(result.destroyed()).isEqualTo(7);
        assertThat(result.count(RetentionResult.Cause.IN_USE)).isEqualTo(2);
        assertThat(zfs.execute(new ZfsCommand.ListHistories(List.of(data), Scope.SELF))
                        .orThrow()
                        .get(data)
                        .snapshots())
                .extracting(Snapshot::label)
                .containsExactly("s2", "s5", "s7", "s10", "s11");
        world().discard(data);
    }
}
