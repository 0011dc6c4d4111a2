// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.FileTree.Entry;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.VolumePieces;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a snapshot holds, as digests that its own host computes. */
abstract class ContentsContract extends ContractCase {

    private List<Entry> entries(SnapshotName snapshot) {
        FileTree tree = (FileTree) run(new ZfsCommand.ReadContents(snapshot));
        return IntStream.range(0, tree.size()).mapToObj(tree::entry).toList();
    }

    private Entry entry(SnapshotName snapshot, String path) {
        return entries(snapshot).stream()
                .filter(e -> e.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("a copy holds the same as its source, entry by entry, mounted or not")
    void copy() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "empty", "");
        world().write(a, "file", "one");
        SnapshotName one = snap(a, "1");
        DatasetName b = there().child("b");
        replicate(full(one), into(b));

        List<Entry> entries = entries(one);
        assertThat(entries).extracting(Entry::path).containsExactly("", "empty", "file");
        assertThat(entries(b.snapshot("1"))).isEqualTo(entries);
        Entry file = entry(one, "file");
        assertThat(file.kind()).isEqualTo(FileTree.Kind.FILE);
        assertThat(file.size()).isEqualTo(3);
        assertThat(file.sha256()).contains("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
        assertThat(entry(one, "").kind()).isEqualTo(FileTree.Kind.FOLDER);
    }

    @Test
    @DisplayName("what is read is the snapshot, not what was written since, and nothing of it stays behind")
    void snapshotOnly() {
        DatasetName a = filesystem(here().child("a"));
        world().write(a, "file", "one");
        SnapshotName one = snap(a, "1");
        world().write(a, "file", "two!");
        world().write(a, "more", "text");

        assertThat(entries(one)).extracting(Entry::path).containsExactly("", "file");
        assertThat(entry(one, "file").size()).isEqualTo(3);
        assertThat(entry(snap(a, "2"), "file").sha256())
                .isNotEqualTo(entry(one, "file").sha256());
        destroy(a, "1", "2"); // which fails while one of them is in use
        assertThat(points(a)).isEmpty();
    }

    @Test
    @DisplayName("a volume is read in pieces, by a clone that is gone afterwards")
    void volumes() {
        DatasetName v = volume(here().child("v"));
        SnapshotName one = snap(v, "1");
        DatasetName w = there().child("w");
        replicate(full(one), into(w));
        List<DatasetName> before = datasets();

        VolumePieces pieces = (VolumePieces) run(new ZfsCommand.ReadContents(one));

        assertThat(pieces.size()).isEqualTo(8L << 20);
        assertThat(pieces.sha256()).hasSize(8).allMatch(digest -> digest.matches("[0-9a-f]{64}"));
        assertThat(pieces.unreadableFrom()).isEmpty();
        assertThat(run(new ZfsCommand.ReadContents(w.snapshot("1")))).isEqualTo(pieces);
        assertThat(datasets()).isEqualTo(before);
    }

    private List<DatasetName> datasets() {
        return run(new ZfsCommand.ListDatasets(List.of(here().pool(), there().pool()), Scope.SUBTREE)).stream()
                .map(d -> d.name())
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("a file with damaged blocks is an entry that can't be read, and can't be sent; the others are read")
    void damaged() {
        DatasetName a = filesystem(here().child("a"));
        world().fill(a, "broken", 256);
        world().write(a, "whole", "one");
        SnapshotName one = snap(a, "1");
        world().damage(a, "broken");

        Entry broken = entry(one, "broken");
        assertThat(broken.readable()).isFalse();
        assertThat(broken.sha256()).isEmpty();
        assertThat(broken.size()).isEqualTo(256 << 10);
        assertThat(entry(one, "whole").readable()).isTrue();
        assertThat(entry(one, "whole").sha256()).isNotEmpty();
        assertThat(refusedSend(full(one)).text()).contains("Input/output error");
    }

    @Test
    @DisplayName("without its key nothing is read, and that is said")
    void keyNotLoaded() {
        DatasetName e = here().child("e");
        world().createEncrypted(e, "correct horse");
        world().write(e, "file", "secret");
        SnapshotName one = snap(e, "1");
        Optional<String> digest = entry(one, "file").sha256();
        assertThat(digest).isNotEmpty();
        DatasetName b = there().child("b");
        replicate(raw(one), into(b));

        assertThat(refused(new ZfsCommand.ReadContents(b.snapshot("1"))).kind())
                .isEqualTo(ZfsFailure.Kind.KEY_NOT_LOADED);
    }

    @Test
    @DisplayName("what does not exist is not read")
    void missing() {
        DatasetName a = unmounted(here().child("a"));
        assertThat(refused(new ZfsCommand.ReadContents(a.snapshot("none"))).kind())
                .isEqualTo(ZfsFailure.Kind.NO_SUCH_POINT);
    }
}
