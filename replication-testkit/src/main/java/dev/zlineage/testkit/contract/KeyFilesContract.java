// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys in files of the host, and new datasets that are encrypted by them. */
abstract class KeyFilesContract extends ContractCase {

    private static final String KEY = "0123456789abcdef".repeat(4);

    private String path() {
        return "/tmp/zl1-contract" + here().value().replace('/', '-');
    }

    private Effect store(String key) {
        try (Secret secret = new Secret(key.getBytes(StandardCharsets.UTF_8))) {
            return run(new ZfsCommand.StoreKey(path(), secret));
        }
    }

    @AfterEach
    void removeKey() {
        run(new ZfsCommand.RemoveKey(path()));
    }

    /** What is received becomes the root of its own encryption. */
    private ReceiveStream encrypted(DatasetName target) {
        return resumable(target)
                .with("encryption", "on")
                .with("keyformat", "hex")
                .with("keylocation", "file://" + path());
    }

    @Test
    @DisplayName("a key is stored once, and nothing else in its place; removing it can be repeated")
    void storeAndRemove() {
        assertThat(store(KEY)).isEqualTo(Effect.DONE);
        assertThat(store(KEY)).isEqualTo(Effect.ALREADY);
        try (Secret other = new Secret("another".getBytes(StandardCharsets.UTF_8))) {
            assertThat(refused(new ZfsCommand.StoreKey(path(), other)).kind())
                    .isEqualTo(ZfsFailure.Kind.ALREADY_EXISTS);
        }
        assertThat(store(KEY)).isEqualTo(Effect.ALREADY);
        assertThat(run(new ZfsCommand.RemoveKey(path()))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.RemoveKey(path()))).isEqualTo(Effect.ALREADY);
    }

    @Test
    @DisplayName("a new filesystem takes its key from a file")
    void createByFile() {
        store(KEY);
        DatasetName e = here().child("e");
        run(new ZfsCommand.CreateFilesystem(
                e,
                Map.of("encryption", "on", "keyformat", "hex", "keylocation", "file://" + path(), "canmount", "off")));
        assertThat(dataset(e).encryption()).contains(new Dataset.Encryption(e, true));
    }

    @Test
    @DisplayName(
            "what is received encrypted by a file's key is a root, takes increments, and what is received below it inherits")
    void receiveEncrypted() {
        store(KEY);
        DatasetName a = source("1", "2");
        DatasetName b = there().child("b");
        replicate(full(a.snapshot("1")), encrypted(b));
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
        assertThat(property(b, "keylocation").value()).isEqualTo("file://" + path());
        assertThat(property(b, "keyformat").value()).isEqualTo("hex");
        replicate(increment(a.snapshot("1"), a.snapshot("2")), into(b));
        assertThat(world().contents(b.snapshot("2"))).isEqualTo(world().contents(a.snapshot("2")));
        DatasetName c = b.child("c");
        replicate(full(a.snapshot("1")), into(c));
        assertThat(dataset(c).encryption()).contains(new Dataset.Encryption(b, true));
    }

    @Test
    @DisplayName("a volume is received encrypted by a file's key")
    void receiveVolumeEncrypted() {
        store(KEY);
        DatasetName v = here().child("v");
        run(new ZfsCommand.CreateVolume(v, 1 << 20, Map.of("volmode", "none")));
        DatasetName b = there().child("b");
        replicate(full(snap(v, "1")), encrypted(b).with("volmode", "none"));
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
    }

    @Test
    @DisplayName("a first stream that is cut and encrypted by a file's key goes on without saying so again")
    void resumeEncrypted() {
        store(KEY);
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        assertThat(receive(cut(capture(full(a.snapshot("1"))), 0.5), encrypted(b)))
                .isPresent();
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
        run(new ZfsCommand.RemoveKey(path()));
        assertThat(receive(capture(resume(b)), resumable(b))).isEmpty();
        assertThat(property(b, "keylocation").value()).as("it is forgotten").isEqualTo("none");
        run(new ZfsCommand.SetProperties(b, Map.of("keylocation", "file://" + path())));
        assertThat(property(b, "keylocation").value()).isEqualTo("file://" + path());
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(a.snapshot("1")));
    }

    @Test
    @DisplayName("without the file nothing is received")
    void keyFileMissing() {
        DatasetName a = source("1");
        DatasetName b = there().child("b");
        refusedReceive(full(a.snapshot("1")), encrypted(b));
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("where a key is asked for can be changed afterwards, and the key stays the same")
    void moveKey() {
        store(KEY);
        SnapshotName one = snap(here(), "1");
        DatasetName b = there().child("b");
        replicate(full(one), encrypted(b));
        run(new ZfsCommand.RemoveKey(path()));
        run(new ZfsCommand.SetProperties(b, Map.of("keylocation", "prompt")));
        assertThat(property(b, "keylocation").value()).isEqualTo("prompt");
        run(new ZfsCommand.UnloadKey(b));
        try (Secret secret = new Secret(KEY.getBytes(StandardCharsets.UTF_8))) {
            run(new ZfsCommand.LoadKey(b, secret));
        }
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
    }

    @Test
    @DisplayName("a raw stream is not received by another key than its own")
    void rawKeepsItsKey() {
        store(KEY);
        DatasetName e = here().child("e");
        world().createEncrypted(e, "correct horse");
        refusedReceive(raw(snap(e, "1")), encrypted(there().child("b")));
        assertThat(exists(there().child("b"))).isFalse();
    }

    @Test
    @DisplayName("a path that is not absolute is no place for a key")
    void relativePath() {
        try (Secret secret = new Secret(new byte[32])) {
            for (String path : List.of("key", "", "/tmp/")) {
                assertThatThrownBy(() -> new ZfsCommand.StoreKey(path, secret))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("absolute path");
            }
        }
    }
}
