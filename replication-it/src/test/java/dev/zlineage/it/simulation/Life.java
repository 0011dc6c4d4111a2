// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.Replication;
import dev.zlineage.core.Retention;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.retain.Link;
import dev.zlineage.core.retain.RetentionPlan;
import dev.zlineage.core.retain.RetentionResult;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.DivergencePolicy;
import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.testkit.Crash;
import dev.zlineage.testkit.FakeZfs;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Some weeks of two hosts, drawn by chance: people work on both, runs replicate from one to the other, and in most of them
 * something goes wrong. A {@link Witness} looks on all the time. In the end all is quiet, and the runs have to come to rest.
 */
final class Life {

    private static final int RUNS = 8;
    private static final int QUIET_RUNS = 5;

    /** So many commands at most while a host is away. */
    private static final int MOST_UNHEARD = 60;

    private final Mistake mistake;
    private final Random random;
    private final Universe universe;
    private final People people;
    private final Witness witness;
    private final DivergencePolicy policy;
    private final boolean clones;
    private final ObservationStore memory;
    private final Keeping keeping;
    private boolean watching;
    private int labels;

    private Life(long seed, Mistake mistake) {
        this.mistake = mistake;
        this.random = new Random(seed);
        this.universe = new Universe(seed);
        this.people = new People(universe, random);
        if (random.nextInt(3) == 0) {
            universe.nas.createEncrypted(Universe.DATA.child("secret"), "a passphrase");
        }
        this.witness = new Witness(universe);
        this.policy = DivergencePolicy.values()[random.nextInt(DivergencePolicy.values().length)];
        this.clones = random.nextBoolean();
        this.memory = random.nextBoolean() ? ObservationStore.inMemory() : ObservationStore.NONE;
        this.keeping = new Keeping(mistake, random);
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
        Life life = new Life(seed, mistake);
        for (int i = 0; i < RUNS; i++) {
            life.work();
            life.run(Mishap.values()[life.random.nextInt(Mishap.values().length)]);
            if (life.random.nextInt(3) == 0) {
                life.work();
                life.retain(Mishap.OF_RETENTION.get(life.random.nextInt(Mishap.OF_RETENTION.size())));
            }
        }
        life.comesToRest();
        return life.universe.chronicle;
    }

    private void work() {
        for (int i = random.nextInt(8); i >= 0; i--) {
            people.atTheSource();
            universe.time.pass(Duration.ofMillis(random.nextInt(1500)));
        }
        if (random.nextInt(3) == 0) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                people.atTheTarget();
            }
        }
        witness.accept();
    }

    private ReplicationRequest request(boolean takes) {
        ReplicationRequest.Builder request = ReplicationRequest.of(Universe.DATA.value(), Universe.COPY.value())
                .recursive(true)
                .onDivergence(policy)
                .keepClones(clones)
                .parallelism(1 + random.nextInt(3));
        if (takes) {
            request.takeSnapshot("taken" + labels++);
        }
        return request.build();
    }

    private void run(Mishap mishap) throws InterruptedException {
        universe.chronicle.mishaps.merge(mishap, 1, Integer::sum);
        universe.chronicle.step("run " + mishap + ", policy " + policy + (clones ? ", with clones" : ""));
        ReplicationRequest request = request(random.nextInt(3) == 0);
        Crash crash =
                Crash.at(mishap == Mishap.DEATH ? random.nextInt(150) : Integer.MAX_VALUE, random.nextInt(20_000));
        universe.troubled = mishap == Mishap.PEOPLE_AT_THE_SOURCE || mishap == Mishap.PEOPLE_AT_THE_TARGET;
        prepare(mishap);
        watching = true;
        try {
            ReplicationResult result = replicate(request, crash, mishap == Mishap.NONE);
            if (Mishap.CUTS.contains(mishap)) {
                whatWasCutIsHeld(result);
            }
        } catch (Crash.Dead e) {
            universe.chronicle.step("the process died");
        } catch (ZfsException | InvalidRequestException e) {
            universe.chronicle.step("the run could not begin: " + e.getMessage());
        } finally {
            watching = false;
        }
        universe.nas.forgetFaults();
        universe.vault.forgetFaults();
        witness.judge("a run");
        witness.permit(Permit.NOTHING);
        people.empty();
        witness.accept();
    }

    private void prepare(Mishap mishap) {
        FakeZfs nas = universe.nas;
        FakeZfs vault = universe.vault;
        FakeZfs either = random.nextBoolean() ? nas : vault;
        int skip = random.nextInt(12);
        switch (mishap) {
            case NONE, DEATH -> {}
            case CUT -> nas.cutNextStream(random.nextInt(20_000));
            case STALL -> nas.stallNextStream(random.nextInt(20_000));
            case AWAY -> away(either, random.nextInt(60), Duration.ofSeconds(1 + random.nextInt(120)));
            case RECEIVER_CUT -> vault.cutNextReceive(random.nextInt(20_000));
            case LOST_ANSWER -> either.loseAnswer(nth(skip), ZfsFailure.Kind.HOST_UNREACHABLE);
            case FAILURE ->
                either.failNext(
                        nth(skip),
                        oneOf(
                                ZfsFailure.Kind.HOST_UNREACHABLE,
                                ZfsFailure.Kind.BUSY,
                                ZfsFailure.Kind.NO_PERMISSION,
                                ZfsFailure.Kind.UNKNOWN));
            case FULL -> {
                people.fill();
                witness.accept();
            }
            case PEOPLE_AT_THE_SOURCE -> nas.beforeEach(command -> interfere(people::atTheSource));
            case PEOPLE_AT_THE_TARGET -> vault.beforeEach(command -> interfere(people::atTheTarget));
        }
    }

    /** Nobody answers, from a command of the engine on. */
    private void away(FakeZfs host, int from, Duration howLong) {
        int[] heard = {0};
        Instant[] back = {Instant.MIN};
        host.beforeEach(command -> {
            if (watching && !universe.looking() && heard[0]++ == from) {
                back[0] = universe.time.instant().plus(howLong);
            }
        });
        for (int i = 0; i < MOST_UNHEARD; i++) {
            host.failNext(
                    command -> watching
                            && !universe.looking()
                            && universe.time.instant().isBefore(back[0]),
                    ZfsFailure.Kind.HOST_UNREACHABLE);
        }
    }

    static Predicate<ZfsCommand<?>> nth(int skip) {
        int[] left = {skip};
        return command -> command instanceof ZfsCommand.Change && left[0]-- == 0;
    }

    private ZfsFailure.Kind oneOf(ZfsFailure.Kind... kinds) {
        return kinds[random.nextInt(kinds.length)];
    }

    /** Retention on one side. */
    private void retain(Mishap mishap) {
        Link.Role role = random.nextBoolean() ? Link.Role.SENDS : Link.Role.RECEIVES;
        FakeZfs host = role == Link.Role.SENDS ? universe.nas : universe.vault;
        universe.chronicle.retentions.merge(mishap, 1, Integer::sum);
        universe.chronicle.step("retention on " + host.host() + " " + mishap);
        Crash crash = Crash.at(mishap == Mishap.DEATH ? random.nextInt(10) : Integer.MAX_VALUE, 0);
        int skip = random.nextInt(4);
        boolean[] begun = {false};
        switch (mishap) {
            case LOST_ANSWER -> host.loseAnswer(nth(skip), ZfsFailure.Kind.HOST_UNREACHABLE);
            case FAILURE -> host.failNext(nth(skip), oneOf(ZfsFailure.Kind.HOST_UNREACHABLE, ZfsFailure.Kind.BUSY));
            case AWAY -> away(host, random.nextInt(8), Duration.ofSeconds(5));
            case PEOPLE_AT_THE_SOURCE, PEOPLE_AT_THE_TARGET ->
                // from when retention begins to destroy it looks no more, as nobody can look and destroy in one
                host.beforeEach(command -> {
                    begun[0] |= command instanceof ZfsCommand.DestroySnapshots && watching && !universe.looking();
                    if (!begun[0]) {
                        interfere(role == Link.Role.SENDS ? people::atTheSource : people::atTheTarget);
                    }
                });
            default -> {}
        }
        watching = true;
        try {
            retain(role, crash);
        } catch (Crash.Dead e) {
            universe.chronicle.step("the process died");
        } catch (ZfsException e) {
            universe.chronicle.step("retention could not begin: " + e.getMessage());
        } finally {
            watching = false;
        }
        universe.nas.forgetFaults();
        universe.vault.forgetFaults();
        witness.judge("retention");
        witness.permit(Permit.NOTHING);
        witness.accept();
    }

    private RetentionResult retain(Link.Role role, Crash crash) {
        Retention retention = keeping.door(role, door(universe.nas, crash), door(universe.vault, crash));
        RetentionPlan plan = keeping.plan(retention, role, universe.time.instant());
        witness.permit(plan, role);
        RetentionResult result = retention.run(plan);
        universe.chronicle.destroyed += result.destroyed();
        Map<Guid, Picture.Saved> left = (role == Link.Role.SENDS ? universe.source() : universe.target()).snapshots();
        for (RetentionResult.Pruned dataset : result.datasets()) {
            for (Snapshot snapshot : dataset.destroyed()) {
                if (role == Link.Role.SENDS && left.containsKey(snapshot.guid())) {
                    throw new Witness.Violation("reported as destroyed and still there: " + dataset.dataset() + snapshot
                            + "\n  " + universe.chronicle.story());
                }
            }
        }
        return result;
    }

    /** Now and then, between two commands of the engine. */
    private void interfere(Runnable what) {
        if (!watching || universe.looking() || random.nextInt(6) > 0) {
            return;
        }
        watching = false;
        witness.judge("what came before people did something");
        what.run();
        witness.accept();
        watching = true;
    }

    private Zfs door(FakeZfs host, Crash crash) {
        return mistake.door(new Watched(crash.door(host), witness, universe.chronicle), universe);
    }

    private ReplicationResult replicate(ReplicationRequest request, Crash crash, boolean calm)
            throws InterruptedException {
        return replicate(request, crash, calm, memory);
    }

    private ReplicationResult replicate(
            ReplicationRequest request, Crash crash, boolean calm, ObservationStore remembered)
            throws InterruptedException {
        Replication replication = Replication.between(door(universe.nas, crash), door(universe.vault, crash))
                .with(universe.time.run(random.nextLong()))
                .remembering(remembered)
                .with(Patience.DEFAULT.withAttempts(1 + random.nextInt(3)));
        ReplicationPlan plan = replication.plan(request);
        witness.permit(Permit.of(plan));
        ReplicationResult result = replication.run(plan);
        if (!universe.troubled) {
            isHonest(result);
        }
        if (calm) {
            canGoOn(result);
            nothingIsSentTwice(plan, result);
        }
        return result;
    }

    /** What is reported as replicated is there. */
    private void isHonest(ReplicationResult result) {
        Map<DatasetName, Picture.State> target = byName(universe.target());
        for (DatasetResult dataset : result.datasets()) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Replicated) {
                Optional<Picture.State> copy = Optional.ofNullable(target.get(dataset.target()));
                for (Snapshot snapshot : dataset.arrived()) {
                    if (copy.isEmpty() || !copy.get().snapshots().containsKey(snapshot.guid())) {
                        throw new Witness.Violation("reported as replicated and not there: " + dataset.target()
                                + snapshot + "\n  " + universe.chronicle.story());
                    }
                }
            }
        }
    }

    /** What was replicated goes on by an increment even if the source loses all its snapshots. */
    private void canGoOn(ReplicationResult result) {
        Map<DatasetName, Picture.State> source = byName(universe.source());
        Map<DatasetName, Picture.State> target = byName(universe.target());
        for (DatasetResult dataset : result.datasets()) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Replicated
                    && source.get(dataset.source()).bookmarks().values().stream()
                            .noneMatch(target.get(dataset.target()).snapshots()::containsKey)) {
                throw new Witness.Violation(
                        "replicated, and no bookmark of it: " + dataset.source() + "\n  " + universe.chronicle.story());
            }
        }
    }

    /** What an interrupted receive left can be carried on with, whatever is destroyed on the source. */
    private void whatWasCutIsHeld(ReplicationResult result) {
        Map<DatasetName, Picture.State> source = byName(universe.source());
        for (DatasetResult dataset : result.datasets()) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Failed
                    && dataset.resumable()
                    && source.get(dataset.source()).snapshots().values().stream()
                            .allMatch(saved -> saved.holds().equals(Witness.foreign(saved.holds())))) {
                throw new Witness.Violation(
                        "cut, and nothing of it is held: " + dataset.source() + "\n  " + universe.chronicle.story());
            }
        }
    }

    /** What an interrupted receive left is carried on with, where the plan says so. */
    private void nothingIsSentTwice(ReplicationPlan plan, ReplicationResult result) {
        for (int i = 0; i < plan.datasets().size(); i++) {
            DatasetPlan planned = plan.datasets().get(i);
            DatasetResult done = result.datasets().get(i);
            if (planned.sends()
                    && done.outcome() instanceof DatasetResult.Outcome.Replicated
                    && done.saved() < planned.streams().get(0).saved()) {
                throw new Witness.Violation(
                        "sent again, and it was there: " + done.target() + "\n  " + universe.chronicle.story());
            }
        }
    }

    private static Map<DatasetName, Picture.State> byName(Picture picture) {
        return picture.datasets().values().stream().collect(Collectors.toMap(Picture.State::name, state -> state));
    }

    private void comesToRest() throws InterruptedException {
        universe.troubled = false;
        people.letGo();
        witness.accept();
        Crash never = Crash.at(Integer.MAX_VALUE, 0);
        quietRuns(never);
        retentionComesToRest(never);
        quietRuns(never);
        if (universe.chronicle.moved) {
            // a hold that was moved away from its name, or from what told of it, goes with the next increment
            people.last();
            witness.accept();
            quietRuns(never);
        }
        ReplicationResult result = quietRun(never, ObservationStore.NONE);
        if (changes() > 0 || result.bytes() > 0) {
            throw new Witness.Violation(
                    "something was forgotten by memory: " + result + "\n  " + universe.chronicle.story());
        }
        witness.nothingIsLeftOver(result);
    }

    private void quietRuns(Crash never) throws InterruptedException {
        ReplicationResult result = quietRun(never, memory);
        for (int i = 1; i < QUIET_RUNS && (i == 1 || result.bytes() > 0 || changes() > 0); i++) {
            universe.time.pass(Duration.ofSeconds(2));
            result = quietRun(never, memory);
        }
        if (changes() > 0 || result.count(DatasetResult.Outcome.Failed.class) > 0) {
            throw new Witness.Violation(
                    "the runs do not come to rest: " + result + "\n  " + universe.chronicle.story());
        }
    }

    /** The source first, since what the target keeps may depend on it. At the same moment the second time does nothing. */
    private void retentionComesToRest(Crash never) {
        universe.chronicle.step("quiet retention");
        for (Link.Role role : Link.Role.values()) {
            retain(role, never);
            witness.judge("quiet retention");
            if (retain(role, never).destroyed() > 0) {
                throw new Witness.Violation(
                        "retention does not come to rest: " + role + "\n  " + universe.chronicle.story());
            }
            witness.judge("quiet retention once more");
            witness.permit(Permit.NOTHING);
            witness.accept();
        }
    }

    private ReplicationResult quietRun(Crash never, ObservationStore remembered) throws InterruptedException {
        universe.chronicle.step("quiet run");
        universe.nas.forgetLog();
        universe.vault.forgetLog();
        ReplicationResult result = replicate(request(false), never, true, remembered);
        witness.judge("a quiet run");
        return result;
    }

    private long changes() {
        return universe.nas.commandsRun().stream()
                        .filter(ZfsCommand.Change.class::isInstance)
                        .count()
                + universe.vault.commandsRun().stream()
                        .filter(ZfsCommand.Change.class::isInstance)
                        .count();
    }
}
