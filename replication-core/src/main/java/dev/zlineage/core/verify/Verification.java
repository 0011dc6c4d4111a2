// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.lineage.Relation;
import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.observe.Observer;
import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Planner;
import dev.zlineage.core.plan.ReplicationPlan;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.verify.SnapshotVerdict.Remedy;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.SnapshotName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares both sides of a replication: by GUID, and on request by contents. Digests are computed on each host, both at the same
 * time; the data stays where it is. Nothing is changed.
 *
 * <pre>{@code
 * VerificationResult result = Verification.between(host, host)
 *         .verify(ReplicationRequest.of("tank/data", "backup/data").build(), new Depth.NewestCommon());
 * }</pre>
 *
 * <p>Calls block. The object is immutable and safe for use by several threads; it does not close the hosts.
 */
public final class Verification {

    private final Zfs source;
    private final Zfs target;
    private final Concurrency concurrency;

    private Verification(Zfs source, Zfs target, Concurrency concurrency) {
        this.source = source;
        this.target = target;
        this.concurrency = concurrency;
    }

    /**
     * Verification between two hosts, in real time.
     *
     * @param source the host that sends
     * @param target the host that receives; may be the same
     * @return a door
     */
    public static Verification between(Zfs source, Zfs target) {
        return new Verification(source, target, Concurrency.system());
    }

    /**
     * The same with threads of another origin, for tests.
     *
     * @param other where to take them from
     * @return a door
     */
    public Verification with(Concurrency other) {
        return new Verification(source, target, other);
    }

    /** A snapshot by its names on both sides. */
    private record Common(Snapshot onSource, Snapshot onTarget) {}

    /**
     * Compares.
     *
     * @param request what is replicated where; a snapshot that it would take is not taken, and what it demands of the targets
     *     beside their snapshots is not looked at
     * @param depth how closely to look
     * @return how each dataset compares
     * @throws dev.zlineage.core.zfs.ZfsException if a host can't be listed, or the source or the target's pool does not exist
     * @throws dev.zlineage.core.select.InvalidRequestException if source and target overlap
     * @throws InterruptedException if the thread was interrupted; what was made for reading is gone
     */
    public VerificationResult verify(ReplicationRequest request, Depth depth) throws InterruptedException {
        ReplicationRequest asked = request.ofSnapshotsAlone();
        Observation seen = Observer.observe(source, target, asked);
        ReplicationPlan plan = Planner.plan(asked, seen);
        HostView targets = seen.target().withSwapsFinished();
        List<DatasetVerdict> verdicts = new ArrayList<>();
        for (DatasetPlan dataset : plan.datasets()) {
            History from = seen.source().history(dataset.source());
            History to =
                    dataset.relation() instanceof Relation.Absent ? History.EMPTY : targets.history(dataset.target());
            verdicts.add(dataset(asked, dataset, from, to, depth));
        }
        return new VerificationResult(asked, plan.sourceHost(), plan.targetHost(), depth, verdicts);
    }

    private DatasetVerdict dataset(ReplicationRequest request, DatasetPlan plan, History from, History to, Depth depth)
            throws InterruptedException {
        Map<Guid, Snapshot> onTarget = new HashMap<>();
        to.snapshots().forEach(s -> onTarget.put(s.guid(), s));
        List<Common> common = new ArrayList<>();
        List<Snapshot> missing = new ArrayList<>();
        BitSet selected = request.snapshots().in(from);
        for (int i = 0; i < from.size(); i++) {
            if (from.point(i) instanceof Snapshot snapshot) {
                Snapshot theirs = onTarget.get(snapshot.guid());
                if (theirs != null) {
                    common.add(new Common(snapshot, theirs));
                    missing.clear();
                } else if (selected.get(i)) {
                    missing.add(snapshot);
                }
            }
        }
        List<SnapshotVerdict> compared = new ArrayList<>();
        for (Common one : chosen(common, depth)) {
            compared.add(compare(
                    plan.source().snapshot(one.onSource().label()),
                    plan.target().snapshot(one.onTarget().label()),
                    one.onSource().guid()));
        }
        compared.replaceAll(verdict -> remedied(verdict, compared));
        return new DatasetVerdict(
                plan.source(),
                plan.target(),
                plan.relation(),
                plan.decision(),
                common.size(),
                missing,
                !(depth instanceof Depth.Guids),
                compared);
    }

    private static List<Common> chosen(List<Common> common, Depth depth) {
        if (depth instanceof Depth.EveryCommon) {
            return common;
        }
        if (depth instanceof Depth.NewestCommon) {
            return common.subList(Math.max(0, common.size() - 1), common.size());
        }
        return depth instanceof Depth.Labelled labelled
                ? common.stream()
                        .filter(c -> c.onSource().label().equals(labelled.label()))
                        .toList()
                : List.of();
    }

    private SnapshotVerdict compare(SnapshotName onSource, SnapshotName onTarget, Guid guid)
            throws InterruptedException {
        Concurrency.Mailbox<Answer<SnapshotContents>> mailbox = concurrency.mailbox();
        Concurrency.Fork reading = concurrency.fork("verify", () -> {
            Answer<SnapshotContents> answer = unknown(onTarget, "it ended before it had read");
            try {
                answer = target.execute(new ZfsCommand.ReadContents(onTarget));
            } finally {
                mailbox.post(answer); // whatever happens: it is waited for
            }
        });
        Answer<SnapshotContents> left;
        Answer<SnapshotContents> right;
        try {
            left = source.execute(new ZfsCommand.ReadContents(onSource));
            right = mailbox.take();
        } catch (InterruptedException e) {
            reading.interrupt();
            reading.join();
            throw e;
        }
        return new SnapshotVerdict(onSource, onTarget, guid, outcome(left, right), Remedy.NONE);
    }

    private static Answer<SnapshotContents> unknown(SnapshotName snapshot, String text) {
        return new Answer.Failed<>(new ZfsFailure(ZfsFailure.Kind.UNKNOWN, "read " + snapshot, text));
    }

    private static Outcome outcome(Answer<SnapshotContents> left, Answer<SnapshotContents> right) {
        if (left instanceof Answer.Failed<SnapshotContents> failed) {
            return new Outcome.NotCompared(Side.SOURCE, failed.failure());
        }
        if (right instanceof Answer.Failed<SnapshotContents> failed) {
            return new Outcome.NotCompared(Side.TARGET, failed.failure());
        }
        return Comparing.of(left.orThrow(), right.orThrow());
    }

    private static SnapshotVerdict remedied(SnapshotVerdict verdict, List<SnapshotVerdict> all) {
        return verdict.outcome() instanceof Outcome.Different different
                ? new SnapshotVerdict(
                        verdict.source(),
                        verdict.target(),
                        verdict.guid(),
                        different,
                        remedy(different, older(all, verdict).isPresent()))
                : verdict;
    }

    /** Damage alone is healed; where something that can be read differs, healing would change nothing. */
    private static Remedy remedy(Outcome.Different different, boolean older) {
        Set<Side> damaged = new HashSet<>();
        boolean other = false;
        for (Difference difference : different.differences()) {
            if (difference instanceof Difference.Unreadable file) {
                damaged.add(file.side());
            } else if (difference instanceof Difference.UnreadableFrom volume) {
                damaged.add(volume.side());
            } else {
                other = true;
            }
        }
        if (other) {
            return older ? Remedy.ROLL_BACK : Remedy.NEW_BASE;
        }
        return damaged.contains(Side.SOURCE) ? Remedy.HEAL_SOURCE : Remedy.HEAL_TARGET;
    }

    /** The newest snapshot, by its name on the target, that is older than another and was seen to be the same on both. */
    static Optional<SnapshotName> older(List<SnapshotVerdict> all, SnapshotVerdict than) {
        Optional<SnapshotName> found = Optional.empty();
        for (SnapshotVerdict verdict : all) {
            if (verdict.guid().equals(than.guid())) {
                break;
            }
            if (verdict.same()) {
                found = Optional.of(verdict.target());
            }
        }
        return found;
    }
}
