// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Encrypted datasets. */
abstract class KeysContract extends ContractCase {

    private static final String PASSPHRASE = "correct horse";

    private static Secret secret(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    private DatasetName encrypted() {
        DatasetName e = here().child("e");
        world().createEncrypted(e, PASSPHRASE);
        return e;
    }

    private void load(DatasetName root) {
        try (Secret key = secret(PASSPHRASE)) {
            run(new ZfsCommand.LoadKey(root, key));
        }
    }

    @Test
    @DisplayName("a dataset says which key opens it, and whether that is loaded")
    void encryptionInRows() {
        DatasetName e = encrypted();
        DatasetName inherits = unmounted(e.child("i"));
        assertThat(dataset(e).encryption()).contains(new Dataset.Encryption(e, true));
        assertThat(dataset(inherits).encryption()).contains(new Dataset.Encryption(e, true));
        assertThat(dataset(here()).encryption()).isEmpty();
    }

    @Test
    @DisplayName("a raw stream needs no key on the receiving side, and is the root of its own encryption there")
    void rawWithoutKey() {
        DatasetName e = encrypted();
        world().write(e, "file", "text");
        SnapshotName one = snap(e, "1");
        world().write(e, "file", "more");
        SnapshotName two = snap(e, "2");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        replicate(rawIncrement(one, two), into(b));
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, false));
        assertThat(property(b, "keylocation").value()).isEqualTo("prompt");
        assertThat(guid(b.snapshot("2"))).isEqualTo(guid(two));
        load(b);
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
        assertThat(world().contents(b.snapshot("2")))
                .isEqualTo(world().contents(two))
                .containsOnlyKeys("file");
    }

    @Test
    @DisplayName("a dataset that inherits its key, sent raw alone, becomes a root")
    void rawOfInheritor() {
        DatasetName e = encrypted();
        DatasetName inherits = unmounted(e.child("i"));
        SnapshotName one = snap(inherits, "1");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, false));
    }

    @Test
    @DisplayName("without its key a dataset is sent raw or not at all") // 6.3b: EACCES
    void nonRawWithoutKey() {
        SnapshotName one = snap(encrypted(), "1");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        assertThat(refusedSend(full(b.snapshot("1"))).kind()).isEqualTo(ZfsFailure.Kind.KEY_NOT_LOADED);
        replicate(raw(b.snapshot("1")), into(there().child("c")));
        load(b);
        replicate(full(b.snapshot("1")), into(there().child("d")));
        assertThat(dataset(there().child("d")).encryption()).isEmpty();
    }

    @Test
    @DisplayName("another key than the one it was made with does not open a dataset, nor does one of another length")
    void wrongKey() {
        SnapshotName one = snap(encrypted(), "1");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        try (Secret wrong = secret("battery staple");
                Secret tooShort = secret("short")) {
            assertThat(refused(new ZfsCommand.LoadKey(b, wrong)).kind()).isEqualTo(ZfsFailure.Kind.WRONG_KEY);
            assertThat(refused(new ZfsCommand.LoadKey(b, tooShort)).kind()).isEqualTo(ZfsFailure.Kind.WRONG_KEY);
        }
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, false));
    }

    @Test
    @DisplayName("whether a key fits is told whether or not it is loaded, and loads nothing")
    void checkKey() {
        DatasetName b = there().child("b");
        replicate(raw(snap(encrypted(), "1")), into(b));
        try (Secret right = secret(PASSPHRASE);
                Secret wrong = secret("battery staple")) {
            run(new ZfsCommand.CheckKey(b, right));
            assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, false));
            for (boolean loaded : List.of(false, true)) {
                assertThat(refused(new ZfsCommand.CheckKey(b, wrong)).kind())
                        .as("loaded: %s", loaded)
                        .isEqualTo(ZfsFailure.Kind.WRONG_KEY);
                load(b);
            }
            run(new ZfsCommand.CheckKey(b, right));
        }
    }

    @Test
    @DisplayName(
            "a root received raw takes part in what is above it once both keys are loaded, and goes on raw") // 6.9.10
    void inheritKey() {
        DatasetName e = encrypted();
        DatasetName inherits = filesystem(e.child("i"));
        List<SnapshotName> roots = List.of(snap(e, "1"), snap(e, "2"));
        SnapshotName one = snap(inherits, "1");
        DatasetName b = there().child("b");
        DatasetName child = b.child("i");
        replicate(raw(roots.get(0)), into(b));
        replicate(raw(one), into(child));
        assertThat(refused(new ZfsCommand.InheritKey(child)).kind()).isEqualTo(ZfsFailure.Kind.KEY_NOT_LOADED);
        load(b);
        assertThat(refused(new ZfsCommand.InheritKey(child)).kind()).isEqualTo(ZfsFailure.Kind.KEY_NOT_LOADED);
        load(child);
        assertThat(run(new ZfsCommand.InheritKey(child))).isEqualTo(Effect.DONE);
        assertThat(run(new ZfsCommand.InheritKey(child))).isEqualTo(Effect.ALREADY);
        assertThat(dataset(child).encryption()).contains(new Dataset.Encryption(b, true));
        assertThat(dataset(child).written()).isZero();
        run(new ZfsCommand.UnloadKey(b));

        world().write(inherits, "file", "text");
        SnapshotName two = snap(inherits, "2");
        replicate(rawIncrement(one, two), into(child));
        replicate(rawIncrement(roots.get(0), roots.get(1)), into(b));
        assertThat(dataset(child).encryption()).contains(new Dataset.Encryption(b, false));
        load(b);
        assertThat(world().contents(child.snapshot("2"))).isEqualTo(world().contents(two));
        refused(new ZfsCommand.InheritKey(here()));
    }

    @Test
    @DisplayName("a key is unloaded when nothing below is mounted, and loaded again")
    void unloadKey() {
        DatasetName e = encrypted();
        refused(new ZfsCommand.UnloadKey(e)); // it is mounted
        assertThat(dataset(e).encryption()).contains(new Dataset.Encryption(e, true));
        DatasetName b = there().child("b");
        replicate(raw(snap(e, "1")), into(b));
        load(b);
        run(new ZfsCommand.UnloadKey(b));
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, false));
        load(b);
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
    }

    @Test
    @DisplayName("a key that is loaded need not be loaded, and one that is unloaded not be unloaded")
    void keysRepeated() {
        DatasetName b = there().child("b");
        replicate(raw(snap(encrypted(), "1")), into(b));
        assertThat(run(new ZfsCommand.UnloadKey(b))).isEqualTo(Effect.ALREADY);
        load(b);
        try (Secret other = secret("battery staple")) {
            assertThat(run(new ZfsCommand.LoadKey(b, other))).isEqualTo(Effect.ALREADY);
        }
        assertThat(dataset(b).encryption()).contains(new Dataset.Encryption(b, true));
    }

    @Test
    @DisplayName("a dataset that is not encrypted has no key to load")
    void keyOfPlain() {
        try (Secret secret = secret(PASSPHRASE)) {
            refused(new ZfsCommand.LoadKey(here(), secret));
        }
        refused(new ZfsCommand.UnloadKey(here()));
    }

    @Test
    @DisplayName("a raw increment is refused by a target that was received decrypted") // 6.3b
    void rawAfterNonRaw() {
        DatasetName e = encrypted();
        List<SnapshotName> all = snaps(e, "1", "2");
        DatasetName b = there().child("b");
        replicate(full(all.get(0)), into(b));
        assertThat(dataset(b).encryption()).isEmpty();
        assertThat(refusedReceive(rawIncrement(all.get(0), all.get(1)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a decrypted increment is refused by a target that was received raw, while its key is not loaded")
    void nonRawAfterRaw() {
        DatasetName e = encrypted();
        List<SnapshotName> all = snaps(e, "1", "2");
        DatasetName b = there().child("b");
        replicate(raw(all.get(0)), into(b));
        assertThat(refusedReceive(increment(all.get(0), all.get(1)), into(b)).kind())
                .isIn(ZfsFailure.Kind.KEY_NOT_LOADED, ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(points(b)).containsExactly("@1");
    }

    @Test
    @DisplayName("a decrypted increment received with the key ends the raw ones: the next is refused") // 6.3b: IV sets
    void rawAfterNonRawWithKey() {
        DatasetName e = encrypted();
        List<SnapshotName> all = snaps(e, "1", "2", "3");
        DatasetName b = there().child("b");
        replicate(raw(all.get(0)), into(b));
        load(b);
        replicate(increment(all.get(0), all.get(1)), into(b));
        assertThat(refusedReceive(rawIncrement(all.get(1), all.get(2)), into(b)).kind())
                .isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(points(b)).containsExactly("@1", "@2");
    }

    @Test
    @DisplayName(
            "an encrypted filesystem is not replaced by a full stream, nor a plain one by an encrypted stream") // 6.1
    void overwriteEncrypted() {
        SnapshotName plain = snap(here(), "1");
        SnapshotName secret = snap(encrypted(), "1");
        DatasetName encrypted = there().child("e");
        world().createEncrypted(encrypted, "battery staple");
        DatasetName unencrypted = unmounted(there().child("u"));
        refusedReceive(full(plain), overwriting(encrypted));
        refusedReceive(raw(secret), overwriting(unencrypted));
        assertThat(points(encrypted)).isEmpty();
        assertThat(points(unencrypted)).isEmpty();
    }

    @Test
    @DisplayName("a plain stream received below an encrypted dataset is encrypted with that key")
    void plainBelowEncrypted() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        SnapshotName one = snap(a, "1");
        DatasetName root = there().child("e");
        world().createEncrypted(root, "battery staple");
        replicate(full(one), into(root.child("b")));
        assertThat(dataset(root.child("b")).encryption()).contains(new Dataset.Encryption(root, true));
        assertThat(world().contents(root.child("b").snapshot("1"))).isEqualTo(world().contents(one));
        assertThat(run(new ZfsCommand.ListDatasets(List.of(root), Scope.SUBTREE)))
                .hasSize(2);
    }

    @Test
    @DisplayName("a dataset that inherits its key cannot leave the root that it inherits from") // 6.9.9
    void renameOutOfRoot() {
        DatasetName e = encrypted();
        DatasetName inherits = unmounted(e.child("i"));
        assertThat(refused(new ZfsCommand.RenameDataset(inherits, here().child("out")))
                        .kind())
                .isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(exists(inherits)).isTrue();
    }

    @Test
    @DisplayName("what is not encrypted may be cloned and moved below what is, and stays as it is")
    void plainMovedBelowEncrypted() {
        DatasetName e = encrypted();
        DatasetName a = unmounted(here().child("a"));
        run(new ZfsCommand.CloneSnapshot(snap(a, "1"), e.child("clone"), Map.of("canmount", "off")));
        run(new ZfsCommand.RenameDataset(a, e.child("a")));
        assertThat(dataset(e.child("clone")).encryption()).isEmpty();
        assertThat(dataset(e.child("a")).encryption()).isEmpty();
    }

    @Test
    @DisplayName("a clone has the encryption root of its origin wherever it is, and is promoted only within it")
    void promoteOutsideRoot() {
        DatasetName e = encrypted();
        SnapshotName one = snap(unmounted(e.child("i")), "1");
        DatasetName out = here().child("out");
        run(new ZfsCommand.CloneSnapshot(one, out, Map.of("canmount", "off")));
        assertThat(dataset(out).encryption()).contains(new Dataset.Encryption(e, true));
        assertThat(refused(new ZfsCommand.Promote(out)).kind()).isEqualTo(ZfsFailure.Kind.INCOMPATIBLE);
        assertThat(points(out)).isEmpty();
        DatasetName within = e.child("within");
        run(new ZfsCommand.CloneSnapshot(one, within, Map.of("canmount", "off")));
        run(new ZfsCommand.Promote(within));
        assertThat(points(within)).containsExactly("@1");
    }

    @Test
    @DisplayName(
            "who promotes a clone of an encryption root makes it the root of everything that the other was; that one may be renamed in its place")
    void promoteRoot() {
        DatasetName e = encrypted();
        DatasetName inherits = unmounted(e.child("i"));
        DatasetName clone = here().child("clone");
        run(new ZfsCommand.CloneSnapshot(snap(e, "1"), clone, Map.of("canmount", "off")));
        run(new ZfsCommand.Promote(clone));
        for (DatasetName each : List.of(clone, e, inherits)) {
            // whether its key counts as loaded then is not asked: OpenZFS 2.3.2 was seen to say that it does not
            assertThat(dataset(each).encryption().map(Dataset.Encryption::root)).contains(clone);
        }
        // its root is not above it any more; below the same parent it may still be renamed
        DatasetName renamed = here().child("renamed");
        run(new ZfsCommand.RenameDataset(e, renamed));
        assertThat(dataset(renamed).encryption().map(Dataset.Encryption::root)).contains(clone);
    }

    @Test
    @DisplayName("a raw increment that is there already is ignored when it holds data, and called cut when it does not")
    void rawAgain() {
        DatasetName e = encrypted();
        SnapshotName one = snap(e, "1");
        SnapshotName two = snap(e, "2");
        world().write(e, "file", "text");
        SnapshotName three = snap(e, "3");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        replicate(rawIncrement(one, two), into(b));
        assertThat(refusedReceive(rawIncrement(one, two), into(b)).kind()).isEqualTo(ZfsFailure.Kind.STREAM_CUT);
        replicate(rawIncrement(two, three), into(b));
        replicate(rawIncrement(two, three), into(b));
        assertThat(points(b)).containsExactly("@1", "@2", "@3");
    }

    @Test
    @DisplayName("without its key nobody may count what is in a filesystem")
    void countWithoutKey() {
        DatasetName b = there().child("b");
        replicate(raw(snap(encrypted(), "1")), into(b));
        assertThat(refused(new ZfsCommand.CountObjects(b)).kind()).isEqualTo(ZfsFailure.Kind.NO_PERMISSION);
    }

    @Test
    @DisplayName("a receive cannot ask for a key: its standard input is the stream") // 6.9.11
    void receiveWithPrompt() {
        SnapshotName one = snap(unmounted(here().child("a")), "1");
        DatasetName b = there().child("b");
        refusedReceive(
                full(one),
                into(b).with("encryption", "on").with("keyformat", "passphrase").with("keylocation", "prompt"));
        assertThat(exists(b)).isFalse();
    }

    @Test
    @DisplayName("a raw stream of a plain dataset arrives as it is")
    void rawOfPlain() { // 6.3: -w is then -Lec
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "text");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));
        assertThat(dataset(b).encryption()).isEmpty();
        assertThat(world().contents(b.snapshot("1"))).isEqualTo(world().contents(one));
    }
}
