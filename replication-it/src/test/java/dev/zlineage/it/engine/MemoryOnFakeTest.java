// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static dev.zlineage.it.engine.TwoFakes.COPY;
import static dev.zlineage.it.engine.TwoFakes.DATA;
import static dev.zlineage.it.engine.TwoFakes.create;
import static dev.zlineage.it.engine.TwoFakes.destroy;
import static dev.zlineage.it.engine.TwoFakes.history;
import static dev.zlineage.it.engine.TwoFakes.labels;
import static dev.zlineage.it.engine.TwoFakes.snapshot;
import static dev.zlineage.it.engine.TwoFakes.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replication that remembers asks for, and what it never overlooks. */
@Tag("once")
class MemoryOnFakeTest {

    private static final DatasetName A = DATA.child("a");
    private static final DatasetName B = DATA.child("b");

    private final VirtualConcurrency time = new VirtualConcurrency(7);
    private final FakeZfs nas =
            FakeZfs.builder().host("nas").seed(1).clock(time::now).build();
    private final FakeZfs vault =
            FakeZfs.builder().host("vault").seed(2).clock(time::now).build();
    private final Texts texts = new Texts();
    private final Replication replication =
            Replication.between(nas, vault).with(time).remembering(texts);

    /** Keeps all that was ever written, so that a test can put back what is wrong by now. */
    private static final class Texts implements ObservationStore {
        final Map<String, List<String>> written = new HashMap<>();

        @Override
        public Optional<String> read(String key) {
            return Optional.ofNullable(written.get(key)).map(all -> all.get(all.size() - 1));
        }

        @Override
        public void write(String key, String text) {
            written.computeIfAbsent(key, k -> new ArrayList<>()).add(text);
        }

        void alter(java.util.function.UnaryOperator<String> change) {
            written.keySet().forEach(key -> write(key, change.apply(read(key).orElseThrow())));
        }
    }

    private static ReplicationRequest.Builder asked() {
        return ReplicationRequest.of("tank/data", "backup/data").recursive(true);
    }

    private ReplicationResult run() throws InterruptedException {
        return replication.run(replication.plan(asked().build()));
    }

    private void pass(Duration duration) throws InterruptedException {
        time.sleep(duration);
    }

    /** Runs until nothing is left to learn: the first of these runs sends, the next sees the last of the new times. */
    private void settle() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(run().success()).isTrue();
            pass(Duration.ofSeconds(3));
        }
        nas.forgetLog();
        vault.forgetLog();
    }

    private void tree() {
        create(nas, "tank/data", "tank/data/a", "tank/data/b");
        write(nas, "tank/data/a", "f", "a");
        snapshot(nas, "tank/data@one");
    }

    private ZfsCommand.ListHistories onlyHistories(FakeZfs host) {
        return host.commandsRun().stream()
                .filter(ZfsCommand.ListHistories.class::isInstance)
                .map(ZfsCommand.ListHistories.class::cast)
                .reduce((one, other) -> {
                    throw new AssertionError(host.log().toString());
                })
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0} datasets")
    @ValueSource(ints = {1, 2, 1_000})
    @DisplayName("where nothing changed, one command a side and one round trip, whatever the number of datasets")
    void oneListing(int datasets) throws InterruptedException {
        create(nas, "tank/data");
        for (int i = 1; i < datasets; i++) {
            create(nas, "tank/data/d" + i);
        }
        snapshot(nas, "tank/data@one");
        settle();

        ReplicationResult result = run();

        assertThat(result.success()).isTrue();
        assertThat(result.datasets()).hasSize(datasets);
        for (FakeZfs host : List.of(nas, vault)) {
            assertThat(host.log()).hasSize(1);
            assertThat(host.count(ZfsCommand.ListDatasets.class)).isEqualTo(1);
            assertThat(host.roundTrips()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a memory that nothing was added to is not written again")
    void writtenOnce() throws InterruptedException {
        tree();
        settle();
        run();
        int before = texts.written.values().iterator().next().size();
        run();
        assertThat(texts.written.values().iterator().next()).hasSize(before);
    }

    @Test
    @DisplayName("of two datasets, one of which changed, only that one's history is read, in two round trips a side")
    void onlyWhatChanged() throws InterruptedException {
        tree();
        settle();
        nas.execute(new ZfsCommand.TakeSnapshots(List.of(A.snapshot("two")), Scope.SELF, Map.of()))
                .orThrow();
        nas.forgetLog();

        ReplicationPlan plan = replication.plan(asked().build());

        assertThat(onlyHistories(nas)).isEqualTo(new ZfsCommand.ListHistories(List.of(A), Scope.SELF));
        assertThat(onlyHistories(vault)).isEqualTo(new ZfsCommand.ListHistories(List.of(COPY.child("a")), Scope.SELF));
        assertThat(nas.roundTrips()).as(nas.log().toString()).isEqualTo(2);
        assertThat(vault.roundTrips()).as(vault.log().toString()).isEqualTo(2);
        assertThat(plan.datasets().stream().filter(DatasetPlan::sends)).hasSize(1);
        assertThat(replication.run(plan).success()).isTrue();
        assertThat(labels(vault, "backup/data/a")).containsExactly("one", "two");
    }

    @Test
    @DisplayName("a second snapshot within the second in which the first was seen is not overlooked")
    void sameSecond() throws InterruptedException {
        tree();
        run(); // sees @one, and reads the histories within the same second
        snapshot(nas, "tank/data@two");
        run();
        run(); // finds nothing to do, within that second still
        snapshot(nas, "tank/data@three"); // snapshots_changed stays as it is
        assertThat(run().success()).isTrue();
        assertThat(labels(vault, "backup/data/a")).containsExactly("one", "two", "three");
    }

    @Test
    @DisplayName("a file written to the target, a token and a property of it show")
    void changesOfTheTarget() throws InterruptedException {
        tree();
        settle();
        vault.execute(new ZfsCommand.SetProperties(COPY.child("a"), Map.of("readonly", "off")))
                .orThrow();
        assertThat(relations()).containsEntry(A, false).containsEntry(B, true);
        vault.execute(new ZfsCommand.SetProperties(COPY.child("b"), Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data/b", "f", "mine");
        assertThat(replication.plan(asked().build()).refused()).isEqualTo(1);
    }

    /** For each dataset, whether it was left unread. */
    private Map<DatasetName, Boolean> relations() {
        Map<DatasetName, Boolean> relations = new HashMap<>();
        replication
                .plan(asked().build())
                .datasets()
                .forEach(d -> relations.put(d.source(), d.relation() instanceof Relation.Unchanged));
        return relations;
    }

    @Test
    @DisplayName("a bookmark of ours that somebody destroyed is made again once the memory is too old")
    void audit() throws InterruptedException {
        tree();
        settle();
        nas.execute(new ZfsCommand.DestroyBookmark(
                        A.bookmark(history(nas, A).bookmarks().get(0).label())))
                .orThrow();
        run();
        assertThat(history(nas, A).bookmarks()).isEmpty();
        pass(Duration.ofHours(24));
        run();
        assertThat(history(nas, A).bookmarks()).hasSize(1);
    }

    @Test
    @DisplayName("another boot, another request, another pair of hosts and OpenZFS 2.1 are read whole")
    void notBelieved() throws InterruptedException {
        tree();
        settle();
        assertThat(relations()).doesNotContainValue(false);
        Replication rebooted =
                Replication.between(nas, vault).with(new VirtualConcurrency(8)).remembering(texts);
        assertThat(rebooted.plan(asked().build()).datasets())
                .noneMatch(d -> d.relation() instanceof Relation.Unchanged);
        assertThat(replication
                        .plan(asked().onDivergence(DivergencePolicy.ROLL_BACK).build())
                        .datasets())
                .noneMatch(d -> d.relation() instanceof Relation.Unchanged);

        FakeZfs old = FakeZfs.builder()
                .host("old")
                .openzfs(2, 1)
                .seed(3)
                .clock(time::now)
                .build();
        Replication toOld = Replication.between(nas, old).with(time).remembering(texts);
        for (int i = 0; i < 4; i++) {
            ReplicationPlan plan = toOld.plan(asked().build());
            assertThat(plan.datasets()).noneMatch(d -> d.relation() instanceof Relation.Unchanged);
            toOld.run(plan);
            pass(Duration.ofSeconds(3));
        }
    }

    /**
     * Whatever happens to datasets and to the memory: what is left unread is what a look at everything finds nothing to do for.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    @DisplayName("with wrong memories nothing is overlooked, and nothing is lost")
    void wrongMemories(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        create(nas, "tank/data", "tank/data/a", "tank/data/b", "tank/other");
        snapshot(nas, "tank/data@s");
        Replication forgetful = Replication.between(nas, vault).with(time);
        int unread = 0;
        for (int step = 0; step < 60; step++) {
            happen(random, step);
            if (random.nextInt(3) == 0) {
                mistake(random);
            }
            pass(Duration.ofMillis(random.nextInt(3500)));
            ReplicationPlan whole = forgetful.plan(asked().build());
            ReplicationPlan plan = replication.plan(asked().build());
            Map<DatasetName, DatasetPlan> known = new HashMap<>();
            whole.datasets().forEach(d -> known.put(d.source(), d));
            for (DatasetPlan dataset : plan.datasets()) {
                DatasetPlan really = known.get(dataset.source());
                if (dataset.relation() instanceof Relation.Unchanged) {
                    unread++;
                    assertThat(really.works())
                            .as("step " + step + ": " + really)
                            .isFalse();
                    assertThat(really.decision()).isInstanceOf(Decision.UpToDate.class);
                    assertThat(really.obsolete()).isEmpty();
                } else {
                    assertThat(dataset).as("step " + step).isEqualTo(really);
                }
            }
            replication.run(plan);
        }
        assertThat(unread).as("the memory was used").isPositive();
        assertThat(history(vault, COPY).snapshots())
                .extracting(Snapshot::guid)
                .contains(history(nas, DATA).newestSnapshot().orElseThrow().guid());
    }

    private void happen(SplittableRandom random, int step) {
        String name = random.nextBoolean() ? "tank/data/a" : "tank/data/b";
        DatasetName dataset = DatasetName.of(name);
        DatasetName copy = dataset.rebase(DATA, COPY);
        switch (random.nextInt(9)) {
            case 0 -> snapshot(nas, name + "@n" + step);
            case 1 -> snapshot(nas, "tank/data@r" + step);
            case 2 -> write(nas, name, "f", "step " + step);
            case 3 -> {
                List<String> labels = labels(nas, name);
                if (labels.size() > 1) {
                    destroy(nas, name, labels.get(random.nextInt(labels.size() - 1)));
                }
            }
            case 4 -> {
                List<String> labels = labels(vault, copy.value());
                if (labels.size() > 1) {
                    destroy(vault, copy.value(), labels.get(labels.size() - 1));
                }
            }
            case 5 -> vault.execute(new ZfsCommand.SetProperties(copy, Map.of("readonly", "off")));
            default -> {
                // nothing happens
            }
        }
    }

    private void mistake(SplittableRandom random) {
        switch (random.nextInt(5)) {
            case 0 -> texts.written.clear();
            case 1 -> texts.written.values().forEach(all -> all.add(all.get(random.nextInt(all.size()))));
            case 2 ->
                texts.alter(text -> {
                    int at = random.nextInt(text.length());
                    return text.substring(0, at) + (char) (text.charAt(at) ^ 1) + text.substring(at + 1);
                });
            case 3 -> texts.alter(text -> text.substring(0, random.nextInt(text.length())));
            default -> {
                Replication other = Replication.between(nas, vault).with(time).remembering(texts);
                other.plan(ReplicationRequest.of("tank/other", "backup/other").build());
                List<String> any = texts.written.values().iterator().next();
                texts.alter(text -> any.get(any.size() - 1));
            }
        }
    }
}
