// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.SendStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How much a plan is going to send, as far as the source can tell before it does. */
public final class Estimates {

    private Estimates() {}

    /**
     * Which streams to ask about.
     *
     * @param plan what is to be done
     * @return those that can begin now, in the order of the plan: not those of a snapshot that is still to be taken
     */
    public static List<SendStream> questions(ReplicationPlan plan) {
        return plan.datasets().stream()
                .flatMap(d -> d.streams().stream())
                .filter(Estimates::canBegin)
                .map(PlannedStream::send)
                .toList();
    }

    private static boolean canBegin(PlannedStream stream) {
        return !stream.last().guid().equals(Guid.PLANNED);
    }

    /**
     * The plan with what the source answered. What it could not tell is a warning.
     *
     * @param plan what is to be done
     * @param answers one for each of the {@link #questions}, in bytes
     * @return a plan that does the same
     */
    public static ReplicationPlan into(ReplicationPlan plan, List<Answer<?>> answers) {
        Map<String, Integer> unknown = new LinkedHashMap<>();
        Iterator<Answer<?>> next = answers.iterator();
        List<DatasetPlan> datasets = new ArrayList<>();
        for (DatasetPlan dataset : plan.datasets()) {
            List<PlannedStream> streams = new ArrayList<>();
            for (PlannedStream stream : dataset.streams()) {
                String why = "the snapshot is still to be taken";
                PlannedStream estimated = stream;
                if (canBegin(stream)) {
                    Answer<?> answer = next.next();
                    if (answer instanceof Answer.Done<?> done && done.value() instanceof Long bytes) {
                        estimated = stream.estimated(bytes);
                    } else if (answer instanceof Answer.Failed<?> failed) {
                        why = failed.failure().text().strip();
                    }
                }
                streams.add(estimated);
                if (estimated.estimate().isEmpty()) {
                    unknown.merge(why, 1, Integer::sum);
                }
            }
            datasets.add(dataset.with(streams));
        }
        List<String> warnings = new ArrayList<>(plan.warnings());
        unknown.forEach((why, streams) -> warnings.add("the size of " + streams
                + (streams == 1 ? " stream" : " streams") + " can't be told beforehand: " + why));
        return plan.with(datasets, warnings);
    }
}
