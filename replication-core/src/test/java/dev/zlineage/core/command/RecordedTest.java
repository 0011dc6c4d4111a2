// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import dev.zlineage.core.zfs.ZfsVersion;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is made of the outputs that were recorded from a real OpenZFS; see their README. */
class RecordedTest {

    /** What a failure is taken for, by the longest beginning of its case's name. */
    private static final Map<String, Set<Kind>> KINDS = Map.ofEntries(
            Map.entry("abort", Set.of(Kind.NO_PARTIAL_STATE)),
            Map.entry("bad-option", Set.of(Kind.UNSUPPORTED)),
            Map.entry("busy", Set.of(Kind.BUSY)),
            Map.entry("cut-full", Set.of(Kind.STREAM_CUT)),
            Map.entry("cut-full-resumable", Set.of(Kind.STREAM_CUT_RESUMABLE)),
            Map.entry("cut-header", Set.of(Kind.STREAM_CUT_RESUMABLE)),
            Map.entry("cut-increment-resumable", Set.of(Kind.STREAM_CUT_RESUMABLE)),
            Map.entry("cut-range", Set.of(Kind.STREAM_CUT)),
            Map.entry("destroy-busy", Set.of(Kind.BUSY)),
            Map.entry("destroy-children", Set.of(Kind.HAS_CHILDREN)),
            Map.entry("destroy-has-clone", Set.of(Kind.HAS_CLONES)),
            Map.entry("destroy-has-snapshots", Set.of(Kind.HAS_CHILDREN)),
            Map.entry("destroy-held", Set.of(Kind.HELD)),
            Map.entry("destroy-held-dataset", Set.of(Kind.HAS_CLONES)),
            Map.entry("encrypted-root-overwrite", Set.of(Kind.INCOMPATIBLE)),
            Map.entry("encrypted-target-overwrite", Set.of(Kind.INCOMPATIBLE)),
            Map.entry("exists", Set.of(Kind.ALREADY_EXISTS)),
            Map.entry("exists-snapshot-other-pool", Set.of(Kind.INVALID)),
            Map.entry("invalid-property", Set.of(Kind.INVALID)),
            Map.entry("key-not-loaded", Set.of(Kind.KEY_NOT_LOADED)),
            Map.entry("key-wrong", Set.of(Kind.WRONG_KEY)),
            Map.entry("key-empty", Set.of(Kind.WRONG_KEY)),
            Map.entry("missing", Set.of(Kind.NO_SUCH_DATASET, Kind.NO_SUCH_POINT)),
            Map.entry("partial-plain-increment", Set.of(Kind.PARTIAL_STATE)),
            Map.entry("permission", Set.of(Kind.NO_PERMISSION)),
            Map.entry("plain-target-raw-increment", Set.of(Kind.INCOMPATIBLE)),
            Map.entry("quota-receive", Set.of(Kind.QUOTA)),
            Map.entry("raw-base-not-newest", Set.of(Kind.TARGET_MODIFIED)),
            Map.entry("receive-full", Set.of(Kind.TARGET_EXISTS)),
            Map.entry("receive-garbage", Set.of(Kind.STREAM_CUT)),
            Map.entry("receive-increment", Set.of(Kind.NO_INCREMENTAL_BASE)),
            Map.entry("receive-increment-missing-target", Set.of(Kind.NO_SUCH_DATASET)),
            Map.entry("receive-large-block-mismatch", Set.of(Kind.INCOMPATIBLE)),
            Map.entry("receive-name-clash", Set.of(Kind.ALREADY_EXISTS)),
            Map.entry("receive-newer-modified", Set.of(Kind.TARGET_MODIFIED)),
            Map.entry("receive-option", Set.of(Kind.INVALID)),
            Map.entry("receive-target-modified", Set.of(Kind.TARGET_MODIFIED)),
            Map.entry("rollback-newer", Set.of(Kind.NEWER_EXISTS)),
            Map.entry("rollback-newer-has-clone", Set.of(Kind.HAS_CLONES)),
            Map.entry("rollback-newer-held", Set.of(Kind.BUSY)),
            Map.entry("send-base", Set.of(Kind.NO_INCREMENTAL_BASE)),
            Map.entry("send-range-from-bookmark", Set.of(Kind.INVALID)),
            Map.entry("space", Set.of(Kind.NO_SPACE)),
            Map.entry("token-altered", Set.of(Kind.TOKEN_CORRUPT)),
            Map.entry("token-corrupt", Set.of(Kind.TOKEN_CORRUPT)),
            Map.entry("token-garbage", Set.of(Kind.TOKEN_CORRUPT)),
            Map.entry("token-base-gone", Set.of(Kind.TOKEN_STALE)),
            Map.entry("token-dataset-renamed", Set.of(Kind.TOKEN_STALE)),
            Map.entry("token-snapshot", Set.of(Kind.TOKEN_STALE)));

    private record Case(String name, String command, int exit, String stdout, String stderr) {

        static Case read(Path file) {
            try {
                String text = Files.readString(file);
                int out = text.indexOf("\n--- stdout\n");
                int err = text.indexOf("\n--- stderr\n", out);
                String head = text.substring(0, out);
                String stdout = out + 12 > err ? "" : text.substring(out + 12, err + 1);
                return new Case(
                        file.getFileName().toString().replace(".txt", ""),
                        head.substring(2, head.indexOf("\nexit: ")),
                        Integer.parseInt(
                                head.substring(head.indexOf("\nexit: ") + 7).strip()),
                        stdout,
                        text.substring(err + 12));
            } catch (IOException e) {
                throw new AssertionError(file + ": " + e, e);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> cases() {
        try (Stream<Path> files = Files.list(Path.of(
                RecordedTest.class.getResource("/recorded/openzfs-2.3.2").toURI()))) {
            return files.sorted().map(Case::read).toList().stream();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<Set<Kind>> expected(Case recorded) {
        return KINDS.keySet().stream()
                .filter(begin -> recorded.name().startsWith(begin))
                .max(Comparator.comparing(String::length))
                .map(KINDS::get);
    }

    static Stream<Case> failures() {
        return cases().filter(c ->
                c.exit() != 0 && !c.name().contains("-then-") && expected(c).isPresent());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void isTakenFor(Case recorded) {
        assertThat(ErrorText.kind(recorded.stderr()))
                .as("%s: %s", recorded.command(), recorded.stderr())
                .isIn(expected(recorded).orElseThrow());
    }

    @Test
    void everyRowOfTheTableMeetsACase() {
        List<Case> failures = failures().toList();

        assertThat(failures).hasSizeGreaterThan(100);
        assertThat(KINDS.keySet())
                .allMatch(begin -> failures.stream().anyMatch(c -> c.name().startsWith(begin)));
    }

    static Stream<Case> listingsOfPoints() {
        return cases().filter(c -> c.command().contains("-o name,guid,createtxg,creation "));
    }

    @ParameterizedTest
    @MethodSource("listingsOfPoints")
    void pointsAreRead(Case recorded) throws UnreadableException {
        HistoryRows rows = new HistoryRows(name -> true);
        rows.read(recorded.stdout());

        assertThat(rows.histories().values().stream().mapToInt(h -> h.size()).sum())
                .isEqualTo((int) recorded.stdout().lines().count());
    }

    @Test
    void theProgressOfAStreamIsNoMessage() {
        for (Case recorded :
                cases().filter(c -> c.name().startsWith("send-verbose")).toList()) {
            SendReport report = new SendReport();
            List<Optional<StreamProgress>> read =
                    recorded.stderr().lines().map(report).toList();
            assertThat(read).as(recorded.name()).isNotEmpty().allMatch(Optional::isPresent);
            assertThat(read.stream()
                            .flatMap(Optional::stream)
                            .map(Object::getClass)
                            .collect(Collectors.toSet()))
                    .contains(StreamProgress.Estimated.class);
        }
    }

    @Test
    void sizesOfDryRunsAreRead() throws UnreadableException {
        for (String name : List.of("send-dry-run-bookmark", "send-dry-run-range", "token-dry-run")) {
            EstimateReader reader = new EstimateReader();
            reader.read(named(name).stdout());
            assertThat(reader.answer()).as(name).isPositive();
        }
    }

    @Test
    void theVersionIsRead() {
        assertThat(ZfsVersion.parse(
                        named("version").stdout().lines().findFirst().orElseThrow()))
                .isEqualTo(new ZfsVersion(2, 3, 2));
    }

    private static Case named(String name) {
        return cases().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    @DisplayName("what is delegated is read from what OpenZFS prints for people")
    void permissions() throws UnreadableException {
        PermissionRows rows =
                new PermissionRows(new Caller.Ordinary("nasadmin", "nasadmin", Set.of("nasadmin", "staff")));
        rows.read(named("allow-of-nothing").stdout());
        rows.read(named("allow-of-a-child").stdout());

        Permissions found = rows.answer();

        assertThat(allowed(found, "tank")).containsExactly("load-key");
        assertThat(allowed(found, "tank/e"))
                .containsExactly("bookmark", "hold", "load-key", "mount", "release", "send", "snapshot");
        assertThat(allowed(found, "tank/e/c"))
                .containsExactly("bookmark", "destroy", "diff", "hold", "load-key", "release", "rollback", "send");
    }

    private static List<String> allowed(Permissions found, String dataset) {
        return Stream.of(
                        "bookmark",
                        "clone",
                        "destroy",
                        "diff",
                        "hold",
                        "load-key",
                        "mount",
                        "release",
                        "rollback",
                        "send",
                        "snapshot")
                .filter(p -> found.allow(p, DatasetName.of(dataset)))
                .toList();
    }
}
