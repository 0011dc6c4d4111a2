// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.scheduler.JobOutcome.Ending;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. */
abstract class TaskStoreContract {

    static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    TaskStore store = new InMemoryTaskStore();

    abstract TaskStore open();

    @BeforeEach
    void openIt() {
        store = open();
    }

    @AfterEach
    void closeIt() {
        store.close();
    }

    static Instant at(long seconds) {
        return T0.plusSeconds(seconds);
    }

    static JobRequest request(String task, long due, boolean joins) {
        return new JobRequest(JobKind.REPLICATION, List.of(task), at(due), at(due), Origin.SCHEDULE, joins);
    }

    Lease begun(Job job, long now) {
        return store.begin(job.id(), "node", at(now), at(now + 60)).orElseThrow();
    }

    private static JobOutcome finished(String snapshot) {
        return JobOutcome.finished(List.of("a warning, with a - and a \n"), Optional.of(snapshot));
    }

    @Test
    void theCursorAndWhatIsDueMoveTogether() {
        assertThat(store.cursor()).isEmpty();
        List<JobRequest> due = List.of(request("a", 60, true), request("b, c", 60, true));
        assertThat(store.advance(Optional.empty(), at(60), due, Optional.empty()))
                .isTrue();
        assertThat(store.advance(Optional.empty(), at(60), due, Optional.empty()))
                .isFalse();
        assertThat(store.advance(Optional.of(at(59)), at(60), due, Optional.empty()))
                .isFalse();
        assertThat(store.cursor()).contains(at(60));
        assertThat(store.waiting(at(60))).extracting(job -> job.tasks().get(0)).containsExactly("a", "b, c");
    }

    @Test
    void whatWaitsServesWhatJoinsAndWhatRunsDoesNot() {
        Job first = store.queue(request("a", 0, true));
        Job joined = store.queue(request("a", 60, true));
        assertThat(joined.id()).isEqualTo(first.id());
        assertThat(joined.due()).containsExactly(at(0), at(60));
        assertThat(store.queue(request("a", 120, false)).id()).isNotEqualTo(first.id());
        begun(first, 60);
        assertThat(store.queue(request("b", 180, true)).id()).isGreaterThan(first.id());
        assertThat(store.waiting(at(60))).extracting(Job::id).doesNotContain(first.id());
    }

    @Test
    void aJobIsBegunByOneUntilItsLeaseIsOver() {
        Job job = store.queue(request("a", 0, true));
        Lease first = begun(job, 0);
        assertThat(store.begin(job.id(), "other", at(59), at(99))).isEmpty();
        assertThat(store.renew(first, at(100))).isTrue();
        assertThat(store.begin(job.id(), "other", at(99), at(199))).isEmpty();
        assertThat(store.waiting(at(100)))
                .containsExactly(
                        new Job(job.id(), job.kind(), job.tasks(), job.due(), job.notBefore(), job.origin(), 1));
        Lease second = store.begin(job.id(), "other", at(100), at(200)).orElseThrow();
        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(store.holds(first)).isFalse();
        assertThat(store.renew(first, at(500))).isFalse();
        assertThat(store.end(first, finished("a@1"), at(101), List.of(request("b", 0, true))))
                .isFalse();
        assertThat(store.waiting(at(100))).isEmpty();
        assertThat(store.end(second, finished("a@1"), at(102), List.of())).isTrue();
        assertThat(store.end(second, finished("a@1"), at(102), List.of())).isFalse();
        assertThat(store.holds(second)).isFalse();
    }

    /** Nobody else began it, so it is still whose it was. */
    @Test
    void aLeaseThatIsOverIsHeldUntilSomebodyElseBegins() {
        Job job = store.queue(request("a", 0, true));
        Lease lease = begun(job, 0);
        assertThat(store.holds(lease)).isTrue();
        assertThat(store.end(lease, finished("a@1"), at(1000), List.of())).isTrue();
    }

    @Test
    void whatEndsIsRememberedAndWhatFollowsWaits() {
        Job job = store.queue(request("a", 0, true));
        store.end(begun(job, 5), finished("a@1"), at(7), List.of(request("b", 0, true)));
        JobRecord ended = store.history(Optional.of("a"), 5).get(0);
        assertThat(ended.job().id()).isEqualTo(job.id());
        assertThat(ended.job().attempts()).isEqualTo(1);
        assertThat(ended.began()).contains(at(5));
        assertThat(ended.ended()).isEqualTo(at(7));
        assertThat(ended.outcome()).isEqualTo(finished("a@1"));
        assertThat(store.waiting(at(7)))
                .singleElement()
                .satisfies(b -> assertThat(b.tasks()).containsExactly("b"));
        assertThat(store.history(Optional.of("b"), 5)).isEmpty();
        assertThat(store.history(Optional.empty(), 5)).hasSize(1);
    }

    @Test
    void ofEachTaskTheLastRunAndTheLastSnapshot() {
        store.end(begun(store.queue(request("a", 0, true)), 0), finished("a@1"), at(1), List.of());
        store.end(begun(store.queue(request("a", 2, true)), 2), JobOutcome.of(Ending.ERROR, "no"), at(3), List.of());
        store.drop(store.queue(request("a", 4, true)).id(), JobOutcome.of(Ending.SKIPPED, "stale"), at(5));
        assertThat(store.memories()).singleElement().satisfies(memory -> {
            assertThat(memory.task()).isEqualTo("a");
            assertThat(memory.last().outcome().text()).isEqualTo("no");
            assertThat(memory.lastSnapshot()).contains("a@1");
            assertThat(store.memory(JobKind.REPLICATION, "a")).contains(memory);
        });
        assertThat(store.memory(JobKind.SNAPSHOTS, "a")).isEmpty();
        assertThat(store.memory(JobKind.REPLICATION, "b")).isEmpty();
        assertThat(store.history(Optional.empty(), 10)).hasSize(3);
    }

    @Test
    void whatIsGivenBackWaitsAndWhatRunsIsNotDropped() {
        Job job = store.queue(request("a", 0, true));
        Lease lease = begun(job, 0);
        assertThat(store.drop(job.id(), JobOutcome.of(Ending.SKIPPED, "x"), at(1)))
                .isFalse();
        store.giveBack(lease);
        assertThat(store.holds(lease)).isFalse();
        assertThat(store.waiting(at(1))).extracting(Job::attempts).containsExactly(1);
        assertThat(store.drop(job.id(), JobOutcome.of(Ending.SKIPPED, "x"), at(1)))
                .isTrue();
    }

    /** Of a task that is not defined any more, whose last process died. */
    @Test
    void whatNobodyRunsAnyMoreIsDropped() {
        Job job = store.queue(request("a", 0, true));
        begun(job, 0);
        assertThat(store.drop(job.id(), JobOutcome.of(Ending.SKIPPED, "x"), at(59)))
                .isFalse();
        assertThat(store.drop(job.id(), JobOutcome.of(Ending.SKIPPED, "x"), at(60)))
                .isTrue();
        assertThat(store.waiting(at(99))).isEmpty();
        assertThat(store.history(Optional.empty(), 9)).hasSize(1);
    }

    @Test
    void oneLeadsUntilItSaysNothingForAWhile() {
        assertThat(store.lead("one", at(0), Optional.empty())).isEmpty();
        assertThat(store.lead("other", at(59), Optional.empty())).contains(at(0));
        assertThat(store.lead("one", at(30), Optional.empty())).isEmpty();
        assertThat(store.lead("other", at(60), Optional.of(at(0))))
                .as("it has said something since")
                .contains(at(30));
        Job job = store.queue(request("a", 0, true));
        assertThat(store.begin(job.id(), "other", at(31), at(99))).isEmpty();
        Lease lease = store.begin(job.id(), "one", at(31), at(500)).orElseThrow();
        assertThat(store.lead("other", at(20), Optional.of(at(30))))
                .as("whatever its own clock shows")
                .isEmpty();
        assertThat(store.holds(lease)).as("what the one before ran is free").isFalse();
        assertThat(store.begin(job.id(), "one", at(91), at(500))).isEmpty();
        assertThat(store.begin(job.id(), "other", at(91), at(500))).isPresent();
        store.resign("one");
        assertThat(store.lead("one", at(92), Optional.empty())).contains(at(20));
        store.resign("other");
        assertThat(store.lead("one", at(93), Optional.empty())).isEmpty();
    }

    @Test
    void aTaskIsTakenOutOfAJobOfSeveral() {
        JobRequest both = new JobRequest(JobKind.SNAPSHOTS, List.of("a", "b"), at(0), at(0), Origin.SCHEDULE, false);
        Job job = store.queue(both);
        assertThat(store.split(job.id(), "c")).isEmpty();
        Job alone = store.split(job.id(), "a").orElseThrow();
        assertThat(alone.tasks()).containsExactly("a");
        assertThat(alone.due()).containsExactly(at(0));
        assertThat(store.waiting(at(0))).extracting(Job::tasks).containsExactly(List.of("b"), List.of("a"));
        assertThat(store.split(job.id(), "b")).isEmpty();
        Job running = store.queue(both);
        begun(running, 0);
        assertThat(store.split(running.id(), "a")).isEmpty();
    }

    /** None is not the same as nobody knows which. */
    @Test
    void theSchedulesThatAreFollowedAreKeptWithTheCursor() {
        assertThat(store.advance(Optional.empty(), at(0), List.of(), Optional.empty()))
                .isTrue();
        assertThat(store.followed()).isEmpty();
        store.advance(Optional.of(at(0)), at(1), List.of(), Optional.of(Set.of("a", "b")));
        store.advance(Optional.of(at(1)), at(2), List.of(), Optional.of(Set.of("b", "c")));
        store.advance(Optional.of(at(2)), at(3), List.of(), Optional.empty());
        store.advance(Optional.of(at(2)), at(3), List.of(), Optional.of(Set.of("d")));
        assertThat(store.followed()).contains(Set.of("b", "c"));
        store.advance(Optional.of(at(3)), at(4), List.of(), Optional.of(Set.of()));
        assertThat(store.followed()).contains(Set.of());
    }

    @Test
    void pausesAreKept() {
        store.pause("a", true);
        store.pause("a", true);
        store.pause("b", true);
        store.pause("b", false);
        assertThat(store.paused()).containsExactly("a");
    }
}
