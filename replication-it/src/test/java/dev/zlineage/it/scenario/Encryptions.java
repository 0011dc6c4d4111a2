// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.Replication;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.mark.StreamMark;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.KeyNotKeptException;
import dev.zlineage.core.run.ReceivedKey;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.ZfsCommand;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets that are encrypted otherwise than their sources. */
abstract class Encryptions extends Scene {

    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final String PASSPHRASE = "correct horse";

    private static Secret secret(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What the sink was told, and whether it refuses to be. */
    private final List<String> kept = new ArrayList<>();

    private boolean unwilling;

    private String path() {
        return "/tmp/zl1-scenario-" + source.value().replace('/', '-');
    }

    @AfterEach
    void removeKey() {
        run(new ZfsCommand.RemoveKey(path()));
    }

    private ReplicationRequest.Builder ownKey(ReplicationRequest.Builder request) {
        return request.encryption(new EncryptionChoice.OwnKey(secret(KEY), KeyFormat.HEX, path()));
    }

    private static ReplicationRequest.Builder inherited(ReplicationRequest.Builder request) {
        return request.encryption(new EncryptionChoice.Inherited());
    }

    private void tree() {
        filesystem(source.child("a"));
        world().write(source, "file", "one");
        world().write(source.child("a"), "file", "one");
        snapAll("one");
    }

    private void assertRoot(DatasetName dataset, DatasetName root) {
        assertThat(dataset(dataset).encryption()).contains(new Dataset.Encryption(root, true));
    }

    @Test
    @DisplayName("a tree arrives below a key of its own, which lies in a file, and goes on by increments")
    void ownKey() {
        tree();
        ReplicationPlan plan = succeed(b -> ownKey(b.recursive(true)));

        assertThat(plan.toString()).contains(path()).doesNotContain(KEY);
        assertThat(plan.toJson()).contains(path()).doesNotContain(KEY);
        assertRoot(target, target);
        assertRoot(target.child("a"), target);
        assertThat(value(target, "keylocation")).isEqualTo("file://" + path());
        same();
        change(source, "two");
        change(source.child("a"), "two");
        assertThat(succeed(b -> ownKey(b.recursive(true))).toString()).doesNotContain("store the key");
        same();
        same(source.child("a"), target.child("a"));
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("properties go along into an encryption of another kind, the encryption of the source does not")
    void withProperties() {
        tree();
        property(source.child("a"), "compression", "gzip");
        succeed(b -> ownKey(b.recursive(true).properties(PropertyChoice.ALL)));

        assertRoot(target.child("a"), target);
        assertThat(value(target.child("a"), "compression")).isEqualTo("gzip");
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a first stream that was cut goes on below the same key")
    void resumed() {
        world().fill(source, "big", 1024);
        snap(source, "one");
        ReplicationPlan plan = plan(this::ownKey);
        run(new ZfsCommand.StoreKey(path(), secret(KEY)));
        interrupted(
                full(source.snapshot("one")),
                plan.datasets().get(0).streams().get(0).receive());

        assertThat(succeed(this::ownKey).toString()).contains("carrying on");
        assertThat(value(target, StreamMark.PROPERTY))
                .as("set by the stream that was cut")
                .endsWith(" Lc");
        assertRoot(target, target);
        assertThat(value(target, "keylocation")).isEqualTo("file://" + path());
        same();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a key that is to be in no file is handed over once the target is there, and once only")
    void handedOver() {
        tree();
        KeyFormat format = KeyFormat.PASSPHRASE;
        UnaryOperator<ReplicationRequest.Builder> how =
                b -> b.recursive(true).encryption(new EncryptionChoice.OwnKey(secret(PASSPHRASE), format));
        assertThatThrownBy(() -> plan(how)).hasMessageContaining("nobody is there to keep the key");
        kept.clear();
        ReplicationResult result = handingOver(how);

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(kept).containsExactly(target + " passphrase " + PASSPHRASE);
        assertRoot(target, target);
        assertRoot(target.child("a"), target);
        assertThat(value(target, "keylocation")).isEqualTo("prompt");
        assertThat(run(new ZfsCommand.RemoveKey(keyFile()))).isEqualTo(Effect.ALREADY);
        same();
        change(source, "two");
        assertThat(handingOver(how).success()).isTrue();
        assertThat(kept).hasSize(1);
        same();
    }

    @Test
    @DisplayName("a key is handed over by the run that carries on what was cut, and again until it is kept")
    void w18TheKeyIsHandedOverAfterACut() {
        world().fill(source, "big", 1024);
        snap(source, "one");
        UnaryOperator<ReplicationRequest.Builder> how =
                b -> b.encryption(new EncryptionChoice.OwnKey(secret(KEY), KeyFormat.HEX));
        ReplicationPlan plan = replication().with(this::keep).plan(request(source, target, how));
        assertThat(plan.toString()).contains(keyFile(), "handed over").doesNotContain(KEY);
        run(new ZfsCommand.StoreKey(keyFile(), secret(KEY)));
        interrupted(
                full(source.snapshot("one")),
                plan.datasets().get(0).streams().get(0).receive());

        unwilling = true;
        ReplicationResult result = handingOver(how);
        assertThat(result.success()).isFalse();
        assertThat(result.toString())
                .contains("handed over", "the vault is closed")
                .doesNotContain(KEY);
        assertThat(kept).isEmpty();
        same();

        unwilling = false;
        assertThat(handingOver(b ->
                                b.encryption(new EncryptionChoice.OwnKey(secret(KEY.replace('0', '1')), KeyFormat.HEX)))
                        .toString())
                .contains("another key");
        assertThat(kept).isEmpty();

        assertThat(handingOver(how).success()).isTrue(); // there is nothing to send any more
        assertThat(kept).containsExactly(target + " hex " + KEY);
        assertThat(value(target, "keylocation")).isEqualTo("prompt");
        assertThat(run(new ZfsCommand.RemoveKey(keyFile()))).isEqualTo(Effect.ALREADY);
    }

    private ReplicationResult handingOver(UnaryOperator<ReplicationRequest.Builder> how) {
        Replication replication = replication().with(this::keep);
        try {
            return replication.run(replication.plan(request(source, target, how)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(ReceivedKey received) throws KeyNotKeptException {
        if (unwilling) {
            throw new KeyNotKeptException("the vault is closed; open it");
        }
        kept.add(received.target() + " " + received.format().value() + " "
                + new String(received.key().reveal(), StandardCharsets.UTF_8));
    }

    private String keyFile() {
        return OnPoolNames.of(dataset(target.pool()), target).keyFile();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("another key in the same file stops the replication before anything is received")
    void anotherKey() {
        change(source, "one");
        run(new ZfsCommand.StoreKey(path(), secret(KEY.replace('0', '1'))));
        ReplicationResult result = carryOut(plan(this::ownKey));

        assertThat(result.success()).isFalse();
        assertThat(result.toString()).contains("with other contents").doesNotContain(KEY);
        assertThat(exists(target)).isFalse();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a target inherits the key of what is above it, and is refused where nothing is encrypted there")
    void inherits() {
        tree();
        refused(Decision.Reason.ENCRYPTION, Encryptions::inherited);

        DatasetName vault = target.parent().orElseThrow().child("vault");
        world().createEncrypted(vault, PASSPHRASE);
        DatasetName below = vault.child("copy");
        for (PropertyChoice choice : List.of(PropertyChoice.NONE, PropertyChoice.ALL)) {
            DatasetName copy = below.child(choice.send() ? "with" : "without");
            ReplicationResult result =
                    replicate(source, copy, b -> inherited(b.recursive(true).properties(choice)));
            assertThat(result.success()).as("%s", result).isTrue();
            assertRoot(copy, vault);
            assertRoot(copy.child("a"), vault);
        }
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("what is to be encrypted by a key that is not loaded is refused, and says which")
    void keyOfAboveNotLoaded() {
        change(source, "one");
        DatasetName vault = target.parent().orElseThrow().child("vault");
        world().createEncrypted(vault, PASSPHRASE);
        world().unmount(vault);
        run(new ZfsCommand.UnloadKey(vault));
        for (UnaryOperator<ReplicationRequest.Builder> how :
                List.<UnaryOperator<ReplicationRequest.Builder>>of(b -> b, Encryptions::inherited)) {
            ReplicationResult result = replicate(source, vault.child("copy"), how);
            assertThat(result.toString()).contains("zfs load-key " + vault);
        }
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a target whose key is not loaded is up to date until there is something to send")
    void locked() {
        change(source, "one");
        succeed(this::ownKey);
        run(new ZfsCommand.UnloadKey(target));
        succeed(this::ownKey);
        change(source, "two");
        refused(Decision.Reason.ENCRYPTION, this::ownKey);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a target that is there and not encrypted stays so, and is not gone on with as if it were")
    void existing() {
        change(source, "one");
        succeed();
        change(source, "two");
        refused(Decision.Reason.ENCRYPTION, this::ownKey);
        refused(Decision.Reason.ENCRYPTION, Encryptions::inherited);
        succeed();
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("starting over gives an unrelated target a key of its own")
    void startingOver() {
        change(source, "one");
        filesystem(target);
        snap(target, "foreign");
        succeed(b -> ownKey(b.onDivergence(DivergencePolicy.START_OVER)));
        assertRoot(target, target);
        same();
    }

    @Test
    @DisplayName(
            "an encrypted source is encrypted anew by another key, as long as its own is loaded and no properties go along")
    void encryptedAnew() {
        DatasetName secretive = source.child("secret");
        world().createEncrypted(secretive, PASSPHRASE);
        change(secretive, "one");
        UnaryOperator<ReplicationRequest.Builder> how = this::ownKey;
        assertThat(replicate(secretive, target, b -> how.apply(b.properties(PropertyChoice.ALL)))
                        .toString())
                .contains("encrypted only raw");
        ReplicationResult first = replicate(secretive, target, how);
        assertThat(first.success()).as("%s", first).isTrue();
        assertRoot(target, target);
        change(secretive, "two");
        ReplicationResult second = replicate(secretive, target, how);
        assertThat(second.success()).as("%s", second).isTrue();
        same(secretive, target);
        snap(secretive, "raw");
        assertThat(replicate(secretive, target, b -> b).toString()).contains("was not received raw", "--encryption");

        world().unmount(secretive);
        run(new ZfsCommand.UnloadKey(secretive));
        snap(secretive, "three");
        assertThat(replicate(secretive, target, how).toString()).contains("key");
    }

    @Test
    @DisplayName("an encrypted dataset that holds nothing is not replaced, since OpenZFS can't")
    void emptyAndEncrypted() {
        change(source, "one");
        world().createEncrypted(target, PASSPHRASE);
        world().unmount(target);
        refused(Decision.Reason.ENCRYPTION);
        run(new ZfsCommand.DestroyDataset(target, Scope.SELF));
        succeed();
    }

    private void load(DatasetName... roots) {
        for (DatasetName root : roots) {
            run(new ZfsCommand.LoadKey(root, secret(PASSPHRASE)));
        }
    }

    @Test
    @DisplayName(
            "what shares a key on the source comes to share it on the target, once the keys are loaded, and goes on raw")
    void keptRoots() {
        DatasetName secretive = source.child("secret");
        DatasetName below = secretive.child("i");
        DatasetName copy = target.child("i");
        world().createEncrypted(secretive, PASSPHRASE);
        filesystem(below);
        world().write(below, "file", "one");
        source = secretive;
        snapAll("one");
        UnaryOperator<ReplicationRequest.Builder> how =
                b -> b.recursive(true).encryption(new EncryptionChoice.AsItComes(true));
        ReplicationPlan first = succeed(how);
        assertThat(first.warnings())
                .containsExactly(copy + " is encrypted apart from " + target
                        + " on the target until a run finds their keys and that of " + target
                        + " loaded there (zfs load-key -r " + target + ")");
        assertThat(dataset(copy).encryption()).contains(new Dataset.Encryption(copy, false));

        load(target, copy);
        snap(secretive, "readable");
        assertThat(replicate(secretive, target, Encryptions::inherited).toString())
                .contains("was received raw", "no raw one ever again");
        assertThat(succeed(how).toString()).contains("let " + copy + " take part in the encryption of " + target);
        assertRoot(copy, target);
        assertThat(succeed(how).hasWork()).isFalse();

        run(new ZfsCommand.UnloadKey(target));
        world().write(below, "file", "two");
        snapAll("two");
        assertThat(plan(b -> how.apply(b.exclude(List.of(below.value())))).warnings())
                .singleElement()
                .asString()
                .contains(copy + " shares the key of " + target + " and is not sent", "zfs change-key");
        assertThat(succeed(how).warnings()).isEmpty();
        load(target);
        assertRoot(copy, target);
        same(below, copy);
    }

    @Test
    @Tag(LONG_IN_LAB)
    @DisplayName("a volume arrives below a passphrase of its own")
    void volume() {
        DatasetName volume = source.child("volume");
        run(new ZfsCommand.CreateVolume(volume, 8L << 20, Map.of("volmode", "none")));
        snap(volume, "one");
        ReplicationResult result = replicate(
                volume,
                target,
                b -> b.encryption(new EncryptionChoice.OwnKey(secret(PASSPHRASE), KeyFormat.PASSPHRASE, path())));
        assertThat(result.success()).as("%s", result).isTrue();
        assertRoot(target, target);
        assertThat(value(target, "keyformat")).isEqualTo("passphrase");
    }
}
