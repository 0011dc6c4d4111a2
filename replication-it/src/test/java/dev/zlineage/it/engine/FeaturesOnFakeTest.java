// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the target's pool can't hold is known before anything is sent. */
class FeaturesOnFakeTest extends TwoFakes {

    private static final EncryptionChoice OWN_KEY =
            new EncryptionChoice.OwnKey(secret("correct horse"), KeyFormat.PASSPHRASE, "/key");

    private static Secret secret(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    private void encryptedChild() {
        tree();
        nas.createEncrypted(DATA.child("secret"), "correct horse");
        snapshot(nas, "tank/data@two");
    }

    @Test
    void whatIsEncryptedIsRefusedByAPoolWithoutTheFeatureAndTheRestIsSent() throws InterruptedException {
        encryptedChild();
        vault.disableFeature("backup", "encryption");
        ReplicationPlan plan = plan();

        assertThat(plan.refused()).isEqualTo(1);
        Decision.Refuse refuse = (Decision.Refuse) plan.datasets().stream()
                .filter(d -> d.source().equals(DATA.child("secret")))
                .findFirst()
                .orElseThrow()
                .decision();
        assertThat(refuse.reason()).isEqualTo(Decision.Reason.FEATURE_MISSING);
        assertThat(refuse.wayOut()).contains("zpool set feature@encryption=enabled backup");
        assertThat(replication.run(plan).count(Outcome.Replicated.class)).isEqualTo(5);
        assertThat(replication
                        .plan(ReplicationRequest.of("tank/data/a", "backup/other")
                                .recursive(true)
                                .encryption(OWN_KEY)
                                .build())
                        .refused())
                .as("a key of its own, and what is below")
                .isEqualTo(2);
    }

    @Test
    void blocksThatThePoolMayNotTakeAreToldOf() {
        tree();
        vault.disableFeature("backup", "large_blocks");
        assertThat(plan().warnings()).as("the source has none").isEmpty();
        nas.execute(new ZfsCommand.CreateFilesystem(DATA.child("large"), Map.of("recordsize", "1M")))
                .orThrow();
        nas.write(DATA.child("large"), "f", new byte[1 << 20]);
        snapshot(nas, "tank/data@large");

        assertThat(plan().warnings())
                .singleElement()
                .asString()
                .contains("large_blocks", "zpool set feature@large_blocks=enabled backup", "--no-large-blocks");
        assertThat(plan(b -> b.form(new StreamForm(false, true, false))).warnings())
                .isEmpty();
    }

    @Test
    void nothingIsAskedWhereNothingBeginsAndNothingIsMissedWhereNothingIsTold() throws InterruptedException {
        tree();
        vault.failNext(ZfsCommand.ListFeatures.class::isInstance, ZfsFailure.Kind.NO_SUCH_DATASET);
        assertThat(run().success()).isTrue();
        write(nas, "tank/data/a", "g", "more");
        snapshot(nas, "tank/data@two");
        vault.forgetLog();

        assertThat(plan().hasWork()).isTrue();
        assertThat(vault.count(ZfsCommand.ListFeatures.class)).isZero();
    }
}
