// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.doctor.Doctor;
import dev.zlineage.core.doctor.Examination;
import dev.zlineage.core.doctor.Finding;
import dev.zlineage.core.doctor.Finding.Kind;
import dev.zlineage.core.doctor.Finding.Standing;
import dev.zlineage.core.doctor.Task;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What zlineage leaves on pools, found again and judged. */
class DoctorOnFakeTest extends TwoFakes {

    private static final DatasetName TANK = DatasetName.of("tank");
    private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

    private static Examination examine(FakeZfs host, String root, Task... tasks) {
        return Doctor.examine(host, DatasetName.of(root), List.of(tasks), Set.of(), Duration.ofDays(1), LATER);
    }

    private Task task() {
        return Task.at(DATA, COPY, vault);
    }

    private void one() {
        create(nas, "tank/data");
        write(nas, "tank/data", "f", "x");
        snapshot(nas, "tank/data@one");
    }

    /** Dies when the stream is on its way. */
    private void died(long bytes) throws InterruptedException {
        for (int moment = 0; ; moment++) {
            Crash crash = Crash.at(moment, bytes);
            Replication doomed =
                    Replication.between(crash.door(nas), crash.door(vault)).with(new VirtualConcurrency(1));
            try {
                doomed.run(doomed.plan(
                        ReplicationRequest.of("tank/data", "backup/data").build()));
            } catch (Crash.Dead e) {
                if (!examine(nas, "tank").findings().isEmpty()
                        && examine(nas, "tank").findings().stream().anyMatch(f -> f.kind() == Kind.HOLD)) {
                    return;
                }
            }
        }
    }

    private static List<Kind> superfluous(Examination examination) {
        return examination.findings().stream()
                .filter(f -> f.standing() == Standing.SUPERFLUOUS)
                .map(Finding::kind)
                .sorted()
                .toList();
    }

    @Test
    void afterAGoodRunEverythingIsNeeded() throws InterruptedException {
        tree();
        run();
        nas.forgetLog();

        Examination examination = examine(nas, "tank", task());

        assertThat(examination.count(Standing.NEEDED)).isEqualTo(5);
        assertThat(examination.findings()).hasSize(5);
        assertThat(nas.commandsRun()).hasSize(3);
        assertThat(examination.clean(nas, f -> true)).isEmpty();
        assertThat(plan().hasWork()).isFalse();
    }

    @Test
    void whatADeadRunLeftIsFoundAndGoes() throws InterruptedException {
        one();
        died(10);

        assertThat(examine(nas, "tank").count(Standing.UNDECIDED))
                .as("no task was named")
                .isEqualTo(examine(nas, "tank").findings().size());
        Examination examination = examine(nas, "tank", task());
        assertThat(superfluous(examination)).contains(Kind.HOLD, Kind.BOOKMARK);
        assertThat(Doctor.examine(
                                nas,
                                TANK,
                                List.of(task()),
                                Set.of(),
                                Duration.ofDays(1),
                                new VirtualConcurrency(1).now())
                        .findings())
                .filteredOn(f -> f.kind() == Kind.HOLD)
                .as("young enough to be of a run under way")
                .allMatch(f -> f.standing() == Standing.UNDECIDED);
        assertThat(examination.toString()).contains("superfluous hold").contains("left by a run that died");
        assertThat(examination.toJson()).contains("\"standing\": \"superfluous\"");

        assertThat(examination.clean(nas, f -> false)).isEmpty();

        assertThat(examine(nas, "tank", task()).findings())
                .allMatch(f -> f.standing() == Standing.NEEDED && f.kind() == Kind.BOOKMARK);
        destroy(nas, "tank/data", "one");
    }

    @Test
    void aHoldTellsWhatItKeepsFromBeingFreed() throws InterruptedException {
        create(nas, "tank/data");
        nas.write(DATA, "f", new byte[200_000]);
        snapshot(nas, "tank/data@one");
        died(10);
        nas.write(DATA, "f", new byte[10]);

        assertThat(examine(nas, "tank", task()).findings())
                .filteredOn(f -> f.kind() == Kind.HOLD)
                .singleElement()
                .satisfies(f -> assertThat(f.bytes().orElseThrow()).isBetween(200_000L, 250_000L));

        nas.failNext(c -> c instanceof ZfsCommand.ListHoldTimes, ZfsFailure.Kind.UNSUPPORTED);
        assertThat(examine(nas, "tank", task()).findings())
                .as("where holds have no age, they may belong to a run under way")
                .filteredOn(f -> f.kind() == Kind.HOLD)
                .singleElement()
                .satisfies(f -> assertThat(f.standing()).isEqualTo(Standing.UNDECIDED));
    }

    @Test
    void whatCanBeCarriedOnIsNeeded() throws InterruptedException {
        create(nas, "tank/data");
        nas.write(DATA, "f", new byte[200_000]);
        snapshot(nas, "tank/data@one");
        nas.cutNextStream(50_000);
        impatient.run(plan());

        Examination examination = examine(nas, "tank", task());

        assertThat(examination.findings()).isNotEmpty().allMatch(f -> f.standing() == Standing.NEEDED);
        Examination target = examine(vault, "backup");
        assertThat(target.findings()).singleElement().satisfies(f -> {
            assertThat(f.kind()).isEqualTo(Kind.PARTIAL_RECEIVE);
            assertThat(f.standing()).isEqualTo(Standing.SUPERFLUOUS);
            assertThat(f.bytes().orElseThrow()).isPositive();
            assertThat(f.why()).contains("tank/data@one");
        });
        assertThat(Doctor.examine(
                                vault,
                                DatasetName.of("backup"),
                                List.of(),
                                Set.of(),
                                Duration.between(Instant.EPOCH, LATER),
                                LATER)
                        .findings())
                .as("while it is younger than that")
                .noneMatch(f -> f.standing() == Standing.SUPERFLUOUS);
        assertThat(target.clean(vault, f -> false)).isEmpty();
        assertThat(examine(vault, "backup").findings()).isEmpty();
    }

    @Test
    void otherPeoplesBookmarksAndHoldsAreNotEvenListed() throws InterruptedException {
        one();
        run();
        nas.execute(new ZfsCommand.CreateBookmark(DATA.snapshot("one"), DATA.bookmark("zl1-mine")));
        nas.execute(new ZfsCommand.CreateBookmark(DATA.snapshot("one"), DATA.bookmark("zrepl_CURSOR")));
        nas.execute(new ZfsCommand.Hold("zl1", List.of(DATA.snapshot("one"))));
        nas.execute(new ZfsCommand.Hold("theirs", List.of(DATA.snapshot("one"))));

        assertThat(examine(nas, "tank", task()).findings())
                .singleElement()
                .satisfies(f -> assertThat(f.standing()).isEqualTo(Standing.NEEDED));
    }

    @Test
    void aDestinationThatIsForgottenGoesAndTheOtherStays() throws InterruptedException {
        one();
        run();
        replication.run(replication.plan(
                ReplicationRequest.of("tank/data", "backup/second").build()));
        String second =
                Task.at(DATA, DatasetName.of("backup/second"), vault).names().destination();

        Examination undecided = examine(nas, "tank", task());
        assertThat(undecided.count(Standing.UNDECIDED)).isEqualTo(1);
        Examination examination = Doctor.examine(nas, TANK, List.of(task()), Set.of(second), Duration.ofDays(1), LATER);

        assertThat(superfluous(examination)).containsExactly(Kind.BOOKMARK);
        examination.clean(nas, f -> false);
        assertThat(examine(nas, "tank", task()).count(Standing.NEEDED)).isEqualTo(1);
        assertThat(examine(nas, "tank", task()).findings()).hasSize(1);
    }

    @Test
    void aRenamedSourceIsOfNoTaskUntilThatIsNamedAnew() throws InterruptedException {
        one();
        run();
        nas.execute(new ZfsCommand.RenameDataset(DATA, DatasetName.of("tank/renamed")))
                .orThrow();

        assertThat(superfluous(examine(nas, "tank", task()))).containsExactly(Kind.BOOKMARK);
        assertThat(examine(nas, "tank", Task.at(DatasetName.of("tank/renamed"), COPY, vault))
                        .count(Standing.NEEDED))
                .isEqualTo(1);
    }

    @Test
    void theCloneOfAVerificationThatDiedGoes() {
        one();
        nas.execute(new ZfsCommand.CloneSnapshot(
                        DATA.snapshot("one"), DatasetName.of("tank/zl1-verify-aB3dE6gH9k"), Map.of()))
                .orThrow();
        create(nas, "tank/zl1-verify-0123456789", "tank/data/zl1-verify-0123456789");

        assertThat(Doctor.examine(
                                nas,
                                TANK,
                                List.of(),
                                Set.of(),
                                Duration.ofDays(1),
                                Instant.parse("2026-01-01T12:00:00Z"))
                        .count(Standing.UNDECIDED))
                .as("it may be of one that is under way")
                .isEqualTo(1);
        Examination examination = examine(nas, "tank");
        assertThat(examination.findings())
                .as("only a clone is one")
                .extracting(Finding::name)
                .containsExactly("tank/zl1-verify-aB3dE6gH9k");
        assertThat(examination.clean(nas, f -> false)).isEmpty();

        assertThat(examine(nas, "tank").findings()).isEmpty();
        assertThat(nas.contents(DATA)).containsKey("f");
    }

    @Test
    void whatWasSetAsideGoesByNameOnly() throws InterruptedException {
        one();
        run();
        vault.execute(new ZfsCommand.SetProperties(COPY, Map.of("readonly", "off")))
                .orThrow();
        write(vault, "backup/data", "mine", "precious");
        write(nas, "tank/data", "f", "two");
        snapshot(nas, "tank/data@two");
        assertThat(replication
                        .run(plan(b -> b.onDivergence(DivergencePolicy.SET_ASIDE)))
                        .success())
                .isTrue();

        Examination examination = examine(vault, "backup");
        Finding aside = examination.findings().get(0);
        assertThat(aside.kind()).isEqualTo(Kind.SET_ASIDE);
        assertThat(aside.standing()).isEqualTo(Standing.KEPT);
        assertThat(aside.since()).isPresent();
        assertThat(aside.bytes().orElseThrow()).isPositive();
        examination.clean(vault, f -> false);
        assertThat(examine(vault, "backup").findings()).hasSize(1);

        assertThat(examination.clean(vault, f -> f.name().equals(aside.name()))).isEmpty();

        assertThat(examine(vault, "backup").findings()).isEmpty();
        assertThat(vault.contents(COPY)).containsKey("f");
    }
}
