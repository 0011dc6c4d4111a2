// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.run.Cancellation;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.SourceReport.Outcome;
import dev.zlineage.scheduler.tick.TargetLockException;
import dev.zlineage.scheduler.tick.TargetLocks;
import dev.zlineage.scheduler.tick.TargetTree;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickListener;
import dev.zlineage.scheduler.tick.TickReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a task takes what it writes into. */
class TargetsOfATickTest extends TickWorld {

    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void sources() {
        create(nas, "tank/a", "tank/b", "tank/c");
        snapshot(nas, "tank", "auto-2026-01-10_00-00");
        nas.beforeEachSend(stream -> log.add("sends"));
    }

    /** Says of a target what it is told to, and nothing of the others. */
    private final class Told implements TargetLocks, TargetLocks.Holder {

        private final Map<String, Optional<String>> busy;

        Told(Map<String, Optional<String>> busy) {
            this.busy = busy;
        }

        @Override
        public Holder open() {
            return this;
        }

        @Override
        public Optional<String> take(TargetTree tree, String task, Consumer<String> waits, Cancellation cancellation) {
            log.add(tree.top().value());
            Optional<String> word = busy.getOrDefault(tree.top().value(), Optional.of(""));
            return Optional.of(word.orElseThrow(() -> new TargetLockException("no room", new IOException())))
                    .filter(said -> !said.isEmpty());
        }

        @Override
        public void close() {
            log.add("gives back");
        }
    }

    private TickReport run(Map<String, Optional<String>> busy) throws InterruptedException {
        replications.add(ReplicationTask.of("r", Direction.PUSH, VAULT, List.of("tank/a", "tank/b", "tank/c"), "backup")
                .snapshots(sending(SCHEMA))
                .streams(PLAIN)
                .own(OwnOptions.DEFAULTS.withTargets(
                        Map.of("tank/a", "backup/x/y", "tank/b", "backup/x-z", "tank/c", "backup/x")))
                .build());
        return run().locking(new Told(busy))
                .run(Tick.of(definition(), now, "r"), TickListener.NONE, new Cancellation());
    }

    /** So that two tasks with the same targets never wait for each other. */
    @Test
    void allTargetsAreTakenInOneOrderBeforeAnythingIsSent() throws InterruptedException {
        assertThat(run(Map.of()).tally().good()).isEqualTo(3);
        assertThat(log)
                .containsExactly("backup/x", "backup/x/y", "backup/x-z", "sends", "sends", "sends", "gives back");
    }

    @Test
    void whatCanNotBeTakenIsToldAndTheOthersAreSent() throws InterruptedException {
        TickReport report = run(Map.of("backup/x/y", Optional.of("somebody is there"), "backup/x-z", Optional.empty()));

        assertThat(report.tasks().get(0).sources())
                .extracting(SourceReport::outcome)
                .satisfiesExactlyInAnyOrder(
                        sent -> assertThat(sent).isInstanceOf(Outcome.Ran.class),
                        busy -> assertThat(busy).isEqualTo(new Outcome.Busy("somebody is there")),
                        failed -> assertThat(failed)
                                .isInstanceOfSatisfying(
                                        Outcome.Failed.class,
                                        why -> assertThat(why.failure().text()).isEqualTo("no room")));
        assertThat(log).containsOnlyOnce("sends");
    }
}
