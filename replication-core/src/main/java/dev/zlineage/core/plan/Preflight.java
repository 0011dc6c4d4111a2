// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.observe.Limits;
import dev.zlineage.core.observe.Observation;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Permissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares a plan with what the users of both hosts may do, before anything is done. A dataset that can't be sent or received
 * is refused; where only what keeps continuity is missing, it goes on, and what is lost is said. Each time the line that grants
 * what is missing is given.
 */
public final class Preflight {

    private final ReplicationPlan plan;
    private final Observation seen;

    private Preflight(ReplicationPlan plan, Observation seen) {
        this.plan = plan;
        this.seen = seen;
    }

    /**
     * Which datasets of the source to ask about.
     *
     * @param plan what is to be done
     * @return those that are sent from, or that a snapshot is taken of
     */
    public static List<DatasetName> ofSource(ReplicationPlan plan) {
        return plan.datasets().stream()
                .filter(d -> plan.snapshot().isPresent() || SourceNeeds.marks(d))
                .map(DatasetPlan::source)
                .toList();
    }

    /**
     * Which datasets of the target to ask about.
     *
     * @param plan what is to be done
     * @param seen what it was made of
     * @return those that are there and changed, or that something is created below
     */
    public static List<DatasetName> ofTarget(ReplicationPlan plan, Observation seen) {
        Set<DatasetName> names = new TreeSet<>();
        plan.datasets().stream().filter(DatasetPlan::works).forEach(d -> names.add(there(d.receiver(), seen.target())));
        plan.datasets().stream().filter(DatasetPlan::works).forEach(d -> names.add(there(d.target(), seen.target())));
        return List.copyOf(names);
    }

    /**
     * The plan without what is not permitted.
     *
     * @param plan what is to be done
     * @param seen what it was made of
     * @param source what may be done on the source
     * @param target what may be done on the target
     * @param limits how much there may be on the target
     * @return the plan itself where everything is permitted
     */
    public static ReplicationPlan check(
            ReplicationPlan plan, Observation seen, Permissions source, Permissions target, Limits limits) {
        return source.user().isEmpty() && target.user().isEmpty()
                ? plan
                : new Preflight(plan, seen).check(source, target, limits);
    }

    private ReplicationPlan check(Permissions source, Permissions target, Limits limits) {
        Rights onSource = new Rights(source, plan.sourceHost());
        Rights onTarget = new Rights(target, plan.targetHost());
        Optional<Decision.Refuse> snapshot = onSource.refusal(SourceNeeds.toSnapshot(plan));
        LimitCheck limit = new LimitCheck(limits, onTarget, seen.target());
        Continued continued = new Continued(onSource);
        Continued received = new Continued(onTarget);
        List<DatasetPlan> datasets = new ArrayList<>();
        Set<DatasetName> refused = new HashSet<>();
        for (DatasetPlan planned : plan.datasets()) {
            DatasetPlan dataset = StreamMarks.permitted(planned, onTarget, seen.target());
            Optional<? extends Decision> no = dataset.works()
                    ? snapshot.or(() -> refusal(dataset, refused, onSource, onTarget))
                            .or(() -> limit.refusal(dataset))
                    : Optional.empty();
            received.tell(TargetNeeds.toContinue(dataset));
            if (no.isPresent()) {
                refused.add(dataset.target());
                continued.tell(SourceNeeds.toContinue(dataset));
                datasets.add(dataset.refused(no.get()));
            } else {
                datasets.add(continued.of(dataset));
            }
        }
        boolean sends = datasets.stream().anyMatch(DatasetPlan::sends);
        boolean allRefused = !refused.isEmpty() && datasets.stream().noneMatch(DatasetPlan::works);
        List<String> warnings = new ArrayList<>(plan.warnings());
        warnings.addAll(continued.warnings());
        warnings.addAll(received.warnings());
        return new ReplicationPlan(
                plan.request(),
                plan.sourceHost(),
                plan.targetHost(),
                snapshot.isPresent() || allRefused ? Optional.empty() : plan.snapshot(),
                sends ? plan.parents() : List.of(),
                plan.holdTag(),
                datasets,
                plan.leftOut(),
                plan.keyRoots(),
                warnings);
    }

    private Optional<Decision.Refuse> refusal(
            DatasetPlan dataset, Set<DatasetName> refused, Rights onSource, Rights onTarget) {
        Optional<Decision.Refuse> ofSource = onSource.refusal(SourceNeeds.toSend(dataset));
        Optional<Decision.Refuse> ofTarget = onTarget.refusal(new TargetNeeds(plan, seen.target()).of(dataset));
        if (ofSource.isPresent() && ofTarget.isPresent()) {
            return Optional.of(Refusals.both(ofSource.get(), ofTarget.get()));
        }
        return ofSource.or(() -> ofTarget)
                .or(() -> dataset.target().ancestors().stream()
                        .filter(above -> refused.contains(above)
                                && seen.target().dataset(above).isEmpty())
                        .findFirst()
                        .map(Refusals::parent));
    }

    /** The dataset itself, or the nearest above it that is there. */
    static DatasetName there(DatasetName name, HostView view) {
        return view.nearest(name).map(Dataset::name).orElse(name.pool());
    }
}
