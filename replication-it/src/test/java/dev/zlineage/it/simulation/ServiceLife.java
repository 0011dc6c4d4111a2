// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.lineage.Base;
import dev.zlineage.core.lineage.Lineage;
import dev.zlineage.core.mark.OnPoolNames;
import dev.zlineage.core.retain.Lifetime;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.scheduler.DefinitionRunner;
import dev.zlineage.scheduler.HostsSupplier;
import dev.zlineage.scheduler.ManualScheduler;
import dev.zlineage.scheduler.cron.CronSchedule;
import dev.zlineage.scheduler.task.Definition;
import dev.zlineage.scheduler.task.Direction;
import dev.zlineage.scheduler.task.PeriodicSnapshotTask;
import dev.zlineage.scheduler.task.ReplicationTask;
import dev.zlineage.scheduler.task.SnapshotChoice;
import dev.zlineage.scheduler.task.SnapshotOptions;
import dev.zlineage.scheduler.task.TargetRetention;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.FakeZfs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Some days of a service: snapshots, replication and retention of both sides by their schedules, on the clock of two hosts. The
 * process dies and is started again, hosts and streams fail, people write and take snapshots of their own. Each command that
 * destroys is judged before it is run, by a look at both hosts that knows nothing of how it was decided.
 */
final class ServiceLife {

    private static final int ROUNDS = 24;
    private static final DateTimeFormatter NAMES = DateTimeFormatter.ofPattern("'auto-'yyyy-MM-dd_HH-mm");
    private static final String SCHEMA = "auto-%Y-%m-%d_%H-%M";
    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final DatasetName COPY = DatasetName.of("backup/data");
    private static final List<DatasetName> SOURCES = List.of(DATA, DATA.child("a"), DATA.child("b"));
    private static final Duration KEPT = Duration.ofHours(5);
    private static final TaskTransport VAULT = new TaskTransport.Ssh(
            "vault",
            22,
            "backup",
            Optional.empty(),
            List.of("ssh-ed25519 AAAA"),
            Duration.ofSeconds(10),
            false,
            Optional.empty());

    private final Mistake mistake;
    private final Random random;
    private final Time time = new Time();
    private final FakeZfs nas;
    private final FakeZfs vault;
    private final Definition definition;

    /** What the copy keeps by age; where empty, what the source keeps. */
    private final Optional<Duration> copyKept;

    private final Chronicle chronicle = new Chronicle();
    private final Set<Guid> taken = new HashSet<>();
    private Concurrency process = time.run(0);
    private int people;

    private ServiceLife(long seed, Mistake mistake) {
        this.mistake = mistake;
        random = new Random(seed);
        nas = FakeZfs.builder().host("nas").seed(seed).clock(time).build();
        vault = FakeZfs.builder().host("vault").seed(~seed).clock(time).build();
        copyKept = random.nextBoolean() ? Optional.of(Duration.ofHours(9)) : Optional.empty();
        definition = definition();
        SOURCES.forEach(name ->
                nas.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow());
    }

    private Definition definition() {
        return new Definition(
                ZoneId.of("UTC"),
                Optional.empty(),
                false,
                List.of(new PeriodicSnapshotTask(
                        "hourly",
                        DATA.value(),
                        true,
                        List.of(),
                        Optional.of(lifetime(KEPT)),
                        SCHEMA,
                        CronSchedule.of("0 * * * *"),
                        true,
                        true,
                        SnapshotOptions.DEFAULTS)),
                List.of(ReplicationTask.of("copy", Direction.PUSH, VAULT, List.of(DATA.value()), COPY.value())
                        .recursive()
                        .auto()
                        .snapshots(new SnapshotChoice(
                                List.of("hourly"), List.of(), List.of(), Optional.empty(), Optional.empty(), false))
                        .retention(
                                copyKept.isPresent()
                                        ? new TargetRetention(
                                                TargetRetention.Policy.CUSTOM,
                                                Optional.of(lifetime(copyKept.get())),
                                                Map.of())
                                        : new TargetRetention(
                                                TargetRetention.Policy.SOURCE, Optional.empty(), Map.of()))
                        .build()));
    }

    private static Lifetime lifetime(Duration duration) {
        return Lifetime.parse(duration.toString());
    }

    /**
     * Lives once.
     *
     * @param seed decides everything
     * @param mistake what the engine does wrong
     * @return what was done
     * @throws Witness.Violation if something happened that must not
     */
    static Chronicle live(long seed, Mistake mistake) throws InterruptedException {
        ServiceLife life = new ServiceLife(seed, mistake);
        life.calm();
        int left = ROUNDS;
        while (left > 0) {
            left = life.process(left);
        }
        life.comesToRest();
        return life.chronicle;
    }

    /** One process, until it dies or nothing is left to be done. */
    private int process(int rounds) throws InterruptedException {
        process = time.run(random.nextLong());
        Crash crash = Crash.at(random.nextInt(600), random.nextInt(20_000));
        int left = rounds;
        try {
            ManualScheduler scheduler = scheduler(mistake.door(crash.door(nas)), mistake.door(crash.door(vault)));
            while (left > 0) {
                left--;
                work();
                mishap();
                process.sleep(Duration.ofMinutes(10 + random.nextInt(170)));
                scheduler.advanceTo(process.now());
                calm();
                nothingIsInvented();
            }
        } catch (Crash.Dead e) {
            chronicle.step("the process died");
            chronicle.mishaps.merge(Mishap.DEATH, 1, Integer::sum);
            calm();
        }
        return left;
    }

    /** Nothing goes wrong any more, and what is done is looked at. */
    private void calm() {
        for (FakeZfs host : List.of(nas, vault)) {
            host.forgetFaults();
            host.beforeEach(command -> judge(host, command));
        }
        nas.beforeEachSend(stream -> remember());
    }

    private ManualScheduler scheduler(Zfs here, Zfs there) {
        HostsSupplier.OpenHosts hosts = new HostsSupplier.OpenHosts() {
            @Override
            public Zfs here() {
                return here;
            }

            @Override
            public Zfs there(TaskTransport transport) {
                return there;
            }

            @Override
            public void close() {}
        };
        return ManualScheduler.of(
                definition,
                DefinitionRunner.of(definition, () -> hosts).with(process).withMaximumShare(1),
                process.now());
    }

    private void work() {
        DatasetName name = SOURCES.get(random.nextInt(SOURCES.size()));
        nas.write(name, "f" + random.nextInt(3), ("text " + random.nextInt()).getBytes(StandardCharsets.UTF_8));
        if (random.nextInt(4) == 0) {
            nas.execute(new ZfsCommand.TakeSnapshots(List.of(name.snapshot("mine" + people++)), Scope.SELF, Map.of()))
                    .orThrow();
        }
    }

    private void mishap() {
        FakeZfs either = random.nextBoolean() ? nas : vault;
        int skip = random.nextInt(10);
        Mishap mishap = List.of(
                        Mishap.NONE, Mishap.CUT, Mishap.RECEIVER_CUT, Mishap.STALL, Mishap.LOST_ANSWER, Mishap.FAILURE)
                .get(random.nextInt(6));
        switch (mishap) {
            case CUT -> nas.cutNextStream(random.nextInt(4_000));
            case RECEIVER_CUT -> vault.cutNextReceive(random.nextInt(4_000));
            case STALL -> nas.stallNextStream(random.nextInt(4_000));
            case LOST_ANSWER -> either.loseAnswer(Life.nth(skip), ZfsFailure.Kind.HOST_UNREACHABLE);
            // but no bookmark: where one can't be made and the process dies before it knows, a hold stays that only a
            // person finds
            case FAILURE ->
                either.failNext(
                        Life.nth(skip).and(command -> !(command instanceof ZfsCommand.CreateBookmark)),
                        ZfsFailure.Kind.UNKNOWN);
            default -> {}
        }
        chronicle.mishaps.merge(mishap, 1, Integer::sum);
        chronicle.step("until then: " + mishap);
    }

    // ---- what must not be

    private void judge(FakeZfs host, ZfsCommand<?> command) {
        if (!(command instanceof ZfsCommand.Change)) {
            return;
        }
        chronicle.step(host.host() + ": " + command);
        require(
                !(command instanceof ZfsCommand.DestroyDataset) && !(command instanceof ZfsCommand.Rollback),
                "nobody asked for " + command);
        if (command instanceof ZfsCommand.DestroySnapshots destroy) {
            destroy.labels().forEach(label -> mayGo(host, destroy.dataset().snapshot(label)));
        }
    }

    private void mayGo(FakeZfs host, SnapshotName name) {
        History history = history(host, name.dataset());
        Optional<Snapshot> found = history.snapshot(name.label());
        if (found.isEmpty()) {
            return;
        }
        chronicle.destroyed++;
        Guid guid = found.get().guid();
        boolean here = host == nas;
        History source = here ? history : history(nas, name.dataset().rebase(COPY, DATA));
        History target = here ? history(vault, name.dataset().rebase(DATA, COPY)) : history;
        require(name.label().startsWith("auto-"), name + " is of people");
        require(!history.newestSnapshot().equals(found), name + " is the newest of its dataset");
        Optional<Base> base = Lineage.base(source, target);
        require(base.filter(b -> b.onTarget().guid().equals(guid)).isEmpty(), name + " is what both sides go on from");
        if (here || copyKept.isPresent()) {
            Instant born = LocalDateTime.parse(name.label(), NAMES).toInstant(ZoneOffset.UTC);
            Duration kept = here ? KEPT : copyKept.get();
            require(!born.plus(kept).isAfter(time.instant()), name + " is too young to go at " + time.instant());
        } else {
            require(!source.holds(guid), name + " is still on the source");
        }
    }

    private void remember() {
        SOURCES.forEach(name -> history(nas, name).snapshots().forEach(snapshot -> taken.add(snapshot.guid())));
    }

    private void nothingIsInvented() {
        remember();
        for (DatasetName name : SOURCES) {
            history(vault, name.rebase(DATA, COPY))
                    .snapshots()
                    .forEach(snapshot -> require(
                            taken.contains(snapshot.guid()), "the copy has " + snapshot + ", which nobody took"));
        }
    }

    /** Without further mishaps the next hours bring the copy to where the source is, and leave nothing behind. */
    private void comesToRest() throws InterruptedException {
        process = time.run(random.nextLong());
        ManualScheduler scheduler = scheduler(mistake.door(nas), mistake.door(vault));
        for (int i = 0; i < 3; i++) {
            process.sleep(Duration.ofMinutes(61));
            scheduler.advanceTo(process.now());
        }
        nothingIsInvented();
        for (DatasetName name : SOURCES) {
            History source = history(nas, name);
            List<Snapshot> owned = source.snapshots().stream()
                    .filter(snapshot -> snapshot.label().startsWith("auto-"))
                    .toList();
            Guid newest = owned.get(owned.size() - 1).guid();
            require(
                    history(vault, name.rebase(DATA, COPY)).holds(newest),
                    "the newest snapshot of " + name + " has not arrived: " + scheduler.status());
            require(owned.size() <= KEPT.toHours() + 1, "what is too old was not let go on " + name + ": " + source);
            require(
                    nas
                            .execute(new ZfsCommand.ListHolds(source.snapshots().stream()
                                    .map(snapshot -> name.snapshot(snapshot.label()))
                                    .toList()))
                            .orThrow()
                            .values()
                            .stream()
                            .flatMap(Set::stream)
                            .noneMatch(tag -> OnPoolNames.destinationOfTag(tag).isPresent()),
                    "a hold is left on " + name);
        }
        require(
                vault.execute(new ZfsCommand.ListDatasets(List.of(COPY), Scope.SUBTREE)).orThrow().stream()
                        .allMatch(copy -> copy.resumeToken().isEmpty()),
                "what was cut is left on the copy");
    }

    private static History history(FakeZfs host, DatasetName name) {
        return host.execute(new ZfsCommand.ListHistories(List.of(name), Scope.SELF))
                        instanceof Answer.Done<Map<DatasetName, History>> done
                ? done.value().getOrDefault(name, History.EMPTY)
                : History.EMPTY;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Witness.Violation(otherwise + "\n  " + chronicle.story());
        }
    }
}
