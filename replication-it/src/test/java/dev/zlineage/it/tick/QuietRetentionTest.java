// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.Approval;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.scheduler.tick.RetentionReport;
import dev.zlineage.scheduler.tick.RetentionReport.Outcome;
import dev.zlineage.scheduler.tick.SourceReport;
import dev.zlineage.scheduler.tick.TaskHosts;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import dev.zlineage.scheduler.tick.TickRun;
import dev.zlineage.testkit.FakeZfs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Retention that remembers when the first snapshot is over: what a tick without work costs, and that it looks again in time. */
class QuietRetentionTest extends TickWorld {

    private static final TaskTransport ELSEWHERE = new TaskTransport.Ssh(
            "elsewhere",
            22,
            "root",
            Optional.empty(),
            List.of("ssh-ed25519 AAAA"),
            Duration.ofSeconds(10),
            false,
            Optional.empty());

    private final Map<String, String> texts = new HashMap<>();
    private final ObservationStore store = new ObservationStore() {
        @Override
        public Optional<String> read(String key) {
            return Optional.ofNullable(texts.get(key));
        }

        @Override
        public void write(String key, String text) {
            texts.put(key, text);
        }
    };

    @BeforeEach
    void hours() throws InterruptedException {
        create(nas, "tank/a", "tank/a/b", "tank/a/c");
        snapshots.add(hourly("h", "tank/a").ofTree());
        replications.add(keepingCopies("PT10H"));
        for (int hour = 1; hour < 6; hour++) {
            tick("2026-01-10T0" + hour + ":00:00Z");
            replicate();
        }
    }

    private static ReplicationTask keepingCopies(String lifetime) {
        return push("r", VAULT, "tank/a", "backup/a")
                .recursive()
                .snapshots(bound("h"))
                .retention(custom(lifetime))
                .build();
    }

    /** Three seconds later on both clocks. */
    private TickReport replicate() throws InterruptedException {
        Duration pause = Duration.ofSeconds(3);
        now = now.plus(pause);
        concurrency.sleep(pause);
        return run().remembering(store).run(Tick.of(definition(), now, "r"));
    }

    private Outcome retention() throws InterruptedException {
        List<RetentionReport> reports = replicate().retention();
        assertThat(reports).hasSize(1);
        return reports.get(0).outcome();
    }

    /** After what was sent, it has to be seen once, and to be seen to be the same two seconds later. */
    private void settle() throws InterruptedException {
        Outcome last = retention();
        for (int i = 0; i < 3 && last instanceof Outcome.Ran; i++) {
            last = retention();
        }
        assertThat(last).isEqualTo(new Outcome.Unchanged(Instant.parse("2026-01-10T11:00:00Z")));
    }

    @Test
    @DisplayName("a tick in which nothing changed lists datasets, twice a side, and no snapshots")
    void nothing() throws InterruptedException {
        settle();
        for (FakeZfs host : List.of(nas, vault)) {
            host.forgetLog();
        }
        TickReport report = replicate();
        for (FakeZfs host : List.of(nas, vault)) {
            assertThat(host.log()).hasSize(2);
            assertThat(host.count(ZfsCommand.ListDatasets.class)).isEqualTo(2);
        }
        assertThat(report.toString())
                .contains(
                        "nothing changed since there was nothing to do, and nothing is over before 2026-01-10T11:00:00Z");
        assertThat(report.toJson()).contains("\"until\": \"2026-01-10T11:00:00Z\"");
    }

    @Test
    @DisplayName("when the first is over, it goes")
    void over() throws InterruptedException {
        settle();
        now = Instant.parse("2026-01-10T10:59:56Z");
        assertThat(retention()).isInstanceOf(Outcome.Unchanged.class);
        assertThat(retention())
                .isInstanceOfSatisfying(
                        Outcome.Ran.class,
                        ran -> assertThat(ran.result().destroyed()).isEqualTo(3));
        assertThat(labels(vault, "backup/a/b")).hasSize(4);
    }

    @Test
    @DisplayName("what changes on either side is looked at")
    void changed() throws InterruptedException {
        settle();
        snapshot(vault, "backup/a/b", "auto-2026-01-09_01-00");
        assertThat(retention())
                .isInstanceOfSatisfying(
                        Outcome.Ran.class,
                        ran -> assertThat(ran.result().destroyed()).isZero()); // the newest of its dataset
        settle();
        destroy(nas, "tank/a/c", "auto-2026-01-10_02-00");
        assertThat(retention()).isInstanceOf(Outcome.Ran.class);
    }

    @Test
    @DisplayName("other words of an owner are listened to at once")
    void defined() throws InterruptedException {
        settle();
        replications.set(0, keepingCopies("PT3H"));
        assertThat(retention())
                .isInstanceOfSatisfying(
                        Outcome.Ran.class,
                        ran -> assertThat(ran.result().destroyed()).isEqualTo(6));
    }

    @Test
    @DisplayName("what is left alone is said each time")
    void leftAlone() throws InterruptedException {
        share = 0.1;
        replications.set(0, keepingCopies("PT3H"));
        for (int i = 0; i < 5; i++) {
            assertThat(replicate().retention().get(0).leftAlone()).hasSize(3);
        }
    }

    @Test
    @DisplayName("what stays for want of approval is let go by the next run")
    void approved() throws InterruptedException {
        settle();
        now = Instant.parse("2026-01-10T12:00:00Z");
        Approval one = run().plan(Tick.of(definition(), Instant.parse("2026-01-10T11:00:00Z"), "r"))
                .approval();
        for (int i = 0; i < 3; i++) {
            now = now.plusSeconds(3);
            concurrency.sleep(Duration.ofSeconds(3));
            run().remembering(store).approving(one).run(Tick.of(definition(), now, "r"));
            assertThat(labels(vault, "backup/a/b")).hasSize(4);
        }
        assertThat(retention()).isInstanceOf(Outcome.Ran.class);
        assertThat(labels(vault, "backup/a/b")).hasSize(3);
    }

    @Test
    @DisplayName("a host that can't be opened is told of by who looks closer")
    void notOpened() throws InterruptedException {
        create(vault, "tank/far");
        snapshot(vault, "tank/far", "auto-2026-01-10_01-00");
        ReplicationTask pull = ReplicationTask.of("p", Direction.PULL, VAULT, List.of("tank/far"), "backup/far")
                .snapshots(receiving(SCHEMA))
                .streams(PLAIN)
                .retention(custom("P1D"))
                .build();
        replications.add(pull);
        replications.add(ReplicationTask.of("on", Direction.PUSH, ELSEWHERE, List.of("backup/far"), "backup/further")
                .snapshots(sending(SCHEMA))
                .build());
        TaskHosts oneIsShut = new TaskHosts() {
            @Override
            public Zfs here() {
                return nas;
            }

            @Override
            public Zfs there(TaskTransport transport) {
                if (transport.equals(ELSEWHERE)) {
                    throw new InvalidRequestException(List.of(new InvalidRequestException.Problem("ssh", "no key")));
                }
                return far;
            }
        };
        for (int i = 0; i < 2; i++) {
            TickReport report = TickRun.of(definition(), oneIsShut)
                    .with(concurrency)
                    .remembering(store)
                    .run(new Tick(now.atZone(zone), true, List.of(), List.of(pull)));
            assertThat(report.tasks().get(0).sources().get(0).outcome()).isInstanceOf(SourceReport.Outcome.Ran.class);
            assertThat(report.retention().get(0).outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.why()).contains("no key"));
        }
    }

    @Test
    @DisplayName("a day later all of it is looked at again")
    void audited() throws InterruptedException {
        replications.set(0, keepingCopies("P10D"));
        for (int i = 0; i < 3; i++) {
            replicate();
        }
        assertThat(retention()).isInstanceOf(Outcome.Unchanged.class);
        concurrency.sleep(Duration.ofHours(24));
        assertThat(retention()).isInstanceOf(Outcome.Ran.class);
        assertThat(retention()).isInstanceOf(Outcome.Unchanged.class);
    }

    @Test
    @DisplayName("a memory with a flaw is none")
    void flaws() throws InterruptedException {
        settle();
        Map<String, String> good = Map.copyOf(texts);
        for (String key : good.keySet()) {
            String text = good.getOrDefault(key, "");
            for (String bad : List.of(
                    "", "x", text.substring(1), text.replace("2026-01-10T11", "2027-01-10T11"), text + text, "\n\n")) {
                texts.putAll(good);
                texts.put(key, bad);
                assertThat(replicate().tally().failed()).isZero();
            }
        }
        texts.replaceAll((key, text) -> "");
        assertThat(retention()).isInstanceOf(Outcome.Ran.class);
    }
}
