// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.plan.DatasetPlan;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import dev.zlineage.core.zfs.ZfsException;
import dev.zlineage.core.zfs.ZfsFailure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What became of one dataset, judged by what the target holds.
 *
 * @param outcome what came of it
 * @param arrived the planned snapshots that are there, from old to new
 * @param warnings what the user should know
 */
record Verdict(DatasetResult.Outcome outcome, List<Snapshot> arrived, List<String> warnings) {

    /**
     * Judges.
     *
     * @param first what was planned
     * @param last what was planned when it was last tried
     * @param failure what failed
     * @param refusal why a fresh look refused it under way
     * @param vanished whether the source went away under way
     */
    static Verdict of(
            DatasetPlan first,
            DatasetPlan last,
            Optional<ZfsFailure> failure,
            Optional<Decision.Refuse> refusal,
            boolean vanished,
            TargetLook look,
            Replanner replanner) {
        if (!first.works()) {
            return new Verdict(idle(first.decision()), List.of(), List.of());
        }
        Set<Snapshot> planned = new LinkedHashSet<>(first.arriving());
        planned.addAll(last.arriving());
        History history = look.history(first.target());
        List<Snapshot> arrived =
                planned.stream().filter(s -> history.holds(s.guid())).toList();
        List<Snapshot> missing =
                planned.stream().filter(s -> !history.holds(s.guid())).toList();
        if (look.failure().isPresent()) {
            ZfsFailure blind = look.failure().get();
            return failed(
                    failure.orElse(
                            new ZfsFailure(blind.kind(), blind.command(), "sent, but not verified: " + blind.text())),
                    arrived);
        }
        if (missing.isEmpty() && !planned.isEmpty()) {
            return new Verdict(
                    new DatasetResult.Outcome.Replicated(),
                    arrived,
                    failure.filter(f -> f.kind() != ZfsFailure.Kind.CANCELLED).stream()
                            .map(f -> first.source() + " arrived whole, although: " + f)
                            .toList());
        }
        if (vanished) {
            String gone = "the source went away after it was planned";
            return new Verdict(new DatasetResult.Outcome.Skipped(gone), arrived, List.of(first.source() + ": " + gone));
        }
        if (refusal.isPresent()) {
            return new Verdict(new DatasetResult.Outcome.Refused(refusal.get()), arrived, List.of());
        }
        if (failure.isPresent()) {
            return failed(failure.get(), arrived);
        }
        return missing.isEmpty()
                ? new Verdict(new DatasetResult.Outcome.Replicated(), arrived, List.of())
                : lacking(first, missing, arrived, replanner);
    }

    private static DatasetResult.Outcome idle(Decision decision) {
        if (decision instanceof Decision.Refuse refusal) {
            return new DatasetResult.Outcome.Refused(refusal);
        }
        return decision instanceof Decision.Skip skip
                ? new DatasetResult.Outcome.Skipped(skip.why())
                : new DatasetResult.Outcome.UpToDate();
    }

    private static Verdict failed(ZfsFailure failure, List<Snapshot> arrived) {
        return new Verdict(
                failure.kind() == ZfsFailure.Kind.CANCELLED
                        ? new DatasetResult.Outcome.Cancelled()
                        : new DatasetResult.Outcome.Failed(failure),
                arrived,
                List.of());
    }

    /** Nothing failed, and yet something is not there: {@code zfs send -I} leaves out what was destroyed, and exits 0. */
    private static Verdict lacking(
            DatasetPlan plan, List<Snapshot> missing, List<Snapshot> arrived, Replanner replanner) {
        String names = String.join(" ", missing.stream().map(Snapshot::toString).toList());
        boolean vanished;
        try {
            Set<Snapshot> wanted =
                    new LinkedHashSet<>(replanner.replan(plan.source()).arriving());
            vanished = missing.stream().noneMatch(wanted::contains);
        } catch (ZfsException e) {
            vanished = e.failure().kind() == ZfsFailure.Kind.NO_SUCH_DATASET;
        }
        return vanished
                ? new Verdict(
                        new DatasetResult.Outcome.Replicated(),
                        arrived,
                        List.of(plan.source() + ": " + names
                                + " went away on the source before it could be sent, and is not on the target"))
                : failed(
                        new ZfsFailure(
                                ZfsFailure.Kind.NO_SUCH_POINT,
                                "verify " + plan.target(),
                                "both ends reported success, but the target does not hold " + names),
                        arrived);
    }
}
