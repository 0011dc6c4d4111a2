// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.run.Cancellation;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.DatasetResult.Outcome;
import dev.zlineage.core.run.Patience;
import dev.zlineage.core.run.ReplicationEvent;
import dev.zlineage.core.run.ReplicationListener;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamOffer;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import dev.zlineage.core.zfs.ZfsVersion;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.testkit.VirtualConcurrency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a run puts up with trouble, in virtual time. */
class PatienceOnFakeTest {

    private static final DatasetName DATA = DatasetName.of("tank/data");
    private static final DatasetName COPY = DatasetName.of("backup/data");
    private static final long SECOND = 1_000_000_000L;

    private final VirtualConcurrency time = new VirtualConcurrency(11);
    private final FakeZfs nas =
            FakeZfs.builder().host("nas").seed(1).concurrency(time).build();
    private final FakeZfs vault =
            FakeZfs.builder().host("vault").seed(2).concurrency(time).build();
    private final Replication replication = Replication.between(nas, vault).with(time);

    @BeforeEach
    void source() {
        nas.execute(new ZfsCommand.CreateFilesystem(DATA, Map.of())).orThrow();
        byte[] noise = new byte[400_000];
        new Random(5).nextBytes(noise);
        nas.write(DATA, "f", noise);
        nas.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("one")), Scope.SELF, Map.of()))
                .orThrow();
    }

    private ReplicationPlan plan() {
        return replication.plan(ReplicationRequest.of("tank/data", "backup/data")
                .recursive(true)
                .build());
    }

    private static ZfsFailure failure(ReplicationResult result) {
        DatasetResult first = result.datasets().get(0);
        assertThat(first.outcome()).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) first.outcome()).failure();
    }

    @Test
    void w26AStreamThatStandsStillIsCutAndCarriedOn() throws InterruptedException {
        nas.stallNextStream(200_000);

        ReplicationResult result = replication
                .with(Patience.DEFAULT.withStall(Duration.ofMinutes(2)))
                .run(plan());

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.saved()).isGreaterThan(150_000);
        assertThat(time.nanoTime()).isBetween(120 * SECOND, 160 * SECOND);
        time.drain();
    }

    @Test
    void aStreamThatStandsStillEachTimeIsGivenUp() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            nas.stallNextStream(10);
        }

        ReplicationResult result = replication
                .with(Patience.DEFAULT.withStall(Duration.ofMinutes(1)).withAttempts(3))
                .run(plan());

        assertThat(failure(result).kind()).isEqualTo(ZfsFailure.Kind.TIMED_OUT);
        assertThat(failure(result).text()).contains("no byte moved for 60 s");
        time.drain();
    }

    @Test
    void theDeadlineEndsARunAndWhatWasUnderWayIsCarriedOnByTheNext() throws InterruptedException {
        nas.stallNextStream(200_000);

        ReplicationResult result = replication
                .with(Patience.DEFAULT.withDeadline(Duration.ofSeconds(90)))
                .run(plan());

        assertThat(failure(result).kind()).isEqualTo(ZfsFailure.Kind.TIMED_OUT);
        assertThat(failure(result).text()).contains("90 s");
        assertThat(time.nanoTime()).isBetween(90 * SECOND, 92 * SECOND);
        nas.forgetLog();
        assertThat(replication.run(plan()).saved()).isGreaterThan(150_000);
        assertThat(nas.count(SendStream.Full.class)).isZero();
        time.drain();
    }

    @Test
    void cancellingEndsAWaitBetweenAttempts() throws InterruptedException {
        nas.cutStreams(10);
        Cancellation cancellation = new Cancellation();
        List<ReplicationEvent> events = new ArrayList<>();
        ReplicationListener listener = event -> {
            events.add(event);
            if (event instanceof ReplicationEvent.Retrying again
                    && !again.delay().isZero()) {
                cancellation.cancel();
            }
        };
        Patience slow =
                new Patience(5, Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1), Optional.empty());

        ReplicationResult result = replication.with(slow).run(plan(), listener, cancellation);

        assertThat(result.count(Outcome.Cancelled.class)).isEqualTo(1);
        assertThat(time.nanoTime()).isLessThan(2 * SECOND);
        assertThat(events).hasAtLeastOneElementOfType(ReplicationEvent.Retrying.class);
        time.drain();
    }

    @Test
    void aListenerThatFailsChangesNothing() throws InterruptedException {
        nas.cutNextStream(10);

        ReplicationResult result = replication.run(
                plan(),
                event -> {
                    throw new IllegalStateException("a monitor that is broken");
                },
                new Cancellation());

        assertThat(result.success()).isTrue();
        nas.write(DATA, "f", new byte[100]);
        nas.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("two")), Scope.SELF, Map.of()))
                .orThrow();
        nas.cutStreams(10);
        assertThat(replication
                        .run(
                                plan(),
                                event -> {
                                    throw new IllegalStateException("a monitor that is broken");
                                },
                                new Cancellation())
                        .success())
                .isFalse();
    }

    @Test
    void aHostThatDoesNotAnswerForAWhileIsWaitedFor() throws InterruptedException {
        ReplicationPlan plan = plan();
        nas.cutNextStream(200_000);
        for (int i = 0; i < 3; i++) {
            vault.failNext(c -> c instanceof ZfsCommand.ListDatasets, ZfsFailure.Kind.HOST_UNREACHABLE);
        }

        ReplicationResult result = replication.run(plan);

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.saved()).isGreaterThan(150_000);
        assertThat(time.nanoTime()).isGreaterThan(SECOND);
    }

    @Test
    void whatSomebodyHasToMendIsNotTriedAgain() throws InterruptedException {
        FakeZfs small = FakeZfs.builder()
                .host("small")
                .seed(3)
                .concurrency(time)
                .pool("backup", 200_000)
                .build();
        Replication tight = Replication.between(nas, small).with(time);

        ReplicationResult result = tight.run(tight.plan(ReplicationRequest.of("tank/data", "backup/data")
                .ignoreRoom(true)
                .build()));

        assertThat(failure(result).kind()).isEqualTo(ZfsFailure.Kind.NO_SPACE);
        assertThat(nas.count(SendStream.Full.class)).isEqualTo(1);
    }

    @Test
    void aDatasetThatVanishesUnderWayIsLeftOutAndTheTargetStays() throws InterruptedException {
        assertThat(replication.run(plan()).success()).isTrue();
        DatasetName child = DATA.child("child");
        nas.execute(new ZfsCommand.CreateFilesystem(child, Map.of())).orThrow();
        nas.execute(new ZfsCommand.TakeSnapshots(List.of(DATA.snapshot("two")), Scope.SUBTREE, Map.of()))
                .orThrow();
        ReplicationPlan plan = plan();
        nas.execute(new ZfsCommand.DestroyDataset(child, Scope.SUBTREE)).orThrow();

        ReplicationResult result = replication.run(plan);

        assertThat(result.success()).as("%s", result).isTrue();
        assertThat(result.datasets().get(1).outcome()).isInstanceOf(Outcome.Skipped.class);
        assertThat(result.warnings()).anyMatch(w -> w.contains("tank/data/child") && w.contains("went away"));
        assertThat(vault.execute(new ZfsCommand.ListHistories(List.of(COPY), Scope.SELF))
                        .orThrow()
                        .get(COPY)
                        .snapshots())
                .hasSize(2);
    }

    /** A receiver that is still busy with what it got before its connection was lost. */
    private static final class Flushing implements Zfs {
        private final Zfs zfs;
        private int times;

        Flushing(Zfs zfs, int times) {
            this.zfs = zfs;
            this.times = times;
        }

        @Override
        public StreamOffer<StreamSink> receive(ReceiveStream stream) {
            StreamOffer<StreamSink> offer = zfs.receive(stream);
            return times-- <= 0
                    ? offer
                    : new StreamOffer<>(
                            offer.end(),
                            exit -> Optional.of(new ZfsFailure(
                                    ZfsFailure.Kind.BUSY, "zfs receive " + stream.target(), "dataset is busy")));
        }

        @Override
        public StreamOffer<StreamSource> send(SendStream stream) {
            return zfs.send(stream);
        }

        @Override
        public String host() {
            return zfs.host();
        }

        @Override
        public ZfsVersion version() {
            return zfs.version();
        }

        @Override
        public List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands) {
            return zfs.execute(commands);
        }

        @Override
        public void close() {
            zfs.close();
        }
    }

    @Test
    void aReceiverThatIsStillBusyIsWaitedForButNotForEver() throws InterruptedException {
        ReplicationRequest request =
                ReplicationRequest.of("tank/data", "backup/data").build();
        nas.cutStreams(10);
        Replication busy =
                Replication.between(nas, new Flushing(vault, 99)).with(time).with(Patience.DEFAULT.withAttempts(4));

        ReplicationResult result = busy.run(busy.plan(request));

        assertThat(failure(result).kind()).isEqualTo(ZfsFailure.Kind.BUSY);
        assertThat(nas.count(SendStream.class)).isEqualTo(4);
        assertThat(time.nanoTime()).as("it waited in between").isGreaterThan(3 * SECOND);
        nas.cutStreams(Long.MAX_VALUE);
        Replication soon = Replication.between(nas, new Flushing(vault, 2)).with(time);
        assertThat(soon.run(soon.plan(request)).success()).isTrue();
    }
}
