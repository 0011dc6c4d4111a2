// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.verify.Difference.Aspect;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.FileTree.Kind;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.VolumePieces;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What differs between two copies of a snapshot. */
class ComparingTest {

    private static final String X = "11".repeat(32);
    private static final String Y = "22".repeat(32);

    /** Words such as {@code file=x}, {@code file=damaged}, {@code dir/} and {@code dir/=damaged}; the root is there. */
    private static FileTree tree(String... words) {
        FileTree.Builder tree = new FileTree.Builder();
        tree.add("", Kind.FOLDER, 0755, 0, 0, 0, Instant.EPOCH, "");
        for (String word : words) {
            String path = word.replaceAll("/?(=.*)?$", "");
            Kind kind = word.replaceAll("=.*", "").endsWith("/") ? Kind.FOLDER : Kind.FILE;
            tree.add(path, kind, 0644, 0, 0, 1, Instant.EPOCH, "");
            if (word.endsWith("/=damaged")) {
                tree.unreadable(path);
            }
        }
        for (String word : words) {
            String path = word.replaceAll("/?(=.*)?$", "");
            if (!word.endsWith("=damaged") && !word.endsWith("/")) {
                assertThat(tree.digest(path, word.endsWith("=y") ? Y : X)).isTrue();
            }
        }
        return tree.build();
    }

    private static List<Difference> differences(SnapshotContents source, SnapshotContents target) {
        Outcome outcome = Comparing.of(source, target);
        return outcome instanceof Outcome.Different different ? different.differences() : List.of();
    }

    @Test
    void equalTreesAreTheSameWhateverTheOrderTheyWereReadIn() {
        assertThat(Comparing.of(tree("a", "b/", "b/c"), tree("b/c", "a", "b/"))).isEqualTo(new Outcome.Same(4));
    }

    @Test
    void eachPathIsToldInOrder() {
        assertThat(differences(tree("a", "b", "d"), tree("b=y", "c", "d/")))
                .containsExactly(
                        new Difference.OnlyOn(Side.SOURCE, "a"),
                        new Difference.Changed("b", Set.of(Aspect.CONTENTS)),
                        new Difference.OnlyOn(Side.TARGET, "c"),
                        new Difference.Changed("d", Set.of(Aspect.KIND, Aspect.SIZE)));
    }

    @Test
    void whatLiesBelowAFolderThatCannotBeReadIsNotMissing() {
        assertThat(differences(tree("d/", "d/a", "d/b/", "e"), tree("d/=damaged", "e")))
                .containsExactly(new Difference.Unreadable(Side.TARGET, "d"));
        assertThat(differences(tree("d/=damaged"), tree("d/", "d/a", "da")))
                .containsExactly(new Difference.Unreadable(Side.SOURCE, "d"), new Difference.OnlyOn(Side.TARGET, "da"));
    }

    @Test
    void aFileThatCannotBeReadIsNotADifferenceInContents() {
        assertThat(differences(tree("a=damaged"), tree("a=y")))
                .containsExactly(new Difference.Unreadable(Side.SOURCE, "a"));
    }

    @Test
    void ofANameThatLeadsNowhereNothingElseIsTold() {
        FileTree target = new FileTree.Builder()
                .add("", Kind.FOLDER, 0755, 0, 0, 0, Instant.EPOCH, "")
                .unreadable("a")
                .build();

        assertThat(differences(tree("a"), target)).containsExactly(new Difference.Unreadable(Side.TARGET, "a"));
    }

    @Test
    void manyAreCountedAndSomeKept() {
        String[] many =
                Stream.iterate(0, i -> i + 1).limit(5000).map(i -> "f" + i).toArray(String[]::new);

        Outcome.Different different = (Outcome.Different) Comparing.of(tree(many), tree());

        assertThat(different.total()).isEqualTo(5000);
        assertThat(different.differences()).hasSize(1000);
    }

    private static VolumePieces volume(long size, String pieces) {
        List<String> digests = pieces.chars()
                .filter(c -> c != '!')
                .mapToObj(c -> c == 'x' ? X : Y)
                .toList();
        return new VolumePieces(
                size,
                digests,
                pieces.endsWith("!") ? OptionalLong.of((long) digests.size() << 20) : OptionalLong.empty());
    }

    @Test
    void piecesThatFollowEachOtherAreOneRange() {
        long size = (5L << 20) + 7;
        assertThat(Comparing.of(volume(size, "xxxxxx"), volume(size, "xxxxxx"))).isEqualTo(new Outcome.Same(6));
        assertThat(differences(volume(size, "xxxxxx"), volume(size, "yxyyxy")))
                .containsExactly(
                        new Difference.Bytes(0, 1 << 20),
                        new Difference.Bytes(2 << 20, 4 << 20),
                        new Difference.Bytes(5 << 20, size));
    }

    @Test
    void aDamagedVolumeIsComparedUpToTheDamage() {
        assertThat(differences(volume(4 << 20, "xxxx"), volume(4 << 20, "yx!")))
                .containsExactly(new Difference.Bytes(0, 1 << 20), new Difference.UnreadableFrom(Side.TARGET, 2 << 20));
        assertThat(differences(volume(2 << 20, "xx"), volume(1 << 20, "x")))
                .containsExactly(new Difference.Lengths(2 << 20, 1 << 20));
    }

    @Test
    void aVolumeIsCutIntoAtMost4096Pieces() {
        assertThat(VolumePieces.pieceSize(1)).isEqualTo(1 << 20);
        for (long size : new long[] {8 << 20, 4096L << 20, (4096L << 20) + 1, 1L << 40, 1L << 60}) {
            long piece = VolumePieces.pieceSize(size);
            assertThat((size + piece - 1) / piece).isBetween(1L, 4096L);
            assertThat(Long.bitCount(piece)).isEqualTo(1);
        }
    }

    @Test
    void pathsAreShownInOneLineOfText() {
        assertThat(Words.path("")).isEqualTo(".");
        assertThat(Words.path("grün/a b")).isEqualTo("grün/a b");
        assertThat(Words.path("a\nb\\\udcff\u202e\u009b\ud83d\ude00"))
                .isEqualTo("a\\x0ab\\x5c\\xff\\u{202e}\\u{9b}\ud83d\ude00");
    }
}
