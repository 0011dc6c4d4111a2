// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;

/**
 * How a run ended.
 *
 * @param datasets how each dataset of the plan ended, in its order
 * @param warnings what did not fail the run, but should be known
 * @param duration how long it took
 */
public record ReplicationResult(List<DatasetResult> datasets, List<String> warnings, Duration duration) {

    /** Copies the lists. */
    public ReplicationResult {
        datasets = List.copyOf(datasets);
        warnings = List.copyOf(warnings);
    }

    /**
     * Whether every dataset is replicated, up to date or rightly skipped.
     *
     * @return false if one failed, was refused or cancelled
     */
    public boolean success() {
        return datasets.stream()
                .allMatch(d -> d.outcome() instanceof DatasetResult.Outcome.Replicated
                        || d.outcome() instanceof DatasetResult.Outcome.UpToDate
                        || d.outcome() instanceof DatasetResult.Outcome.Skipped);
    }

    /**
     * The datasets with an outcome.
     *
     * @param outcome the class of outcome
     * @return how many
     */
    public int count(Class<? extends DatasetResult.Outcome> outcome) {
        return (int)
                datasets.stream().filter(d -> outcome.isInstance(d.outcome())).count();
    }

    /**
     * What was sent.
     *
     * @return bytes, as far as they were counted
     */
    public long bytes() {
        return datasets.stream().mapToLong(DatasetResult::bytes).sum();
    }

    /**
     * What did not have to be sent again, because targets kept it from streams that were cut.
     *
     * @return bytes, as the resume tokens told them
     */
    public long saved() {
        return datasets.stream().mapToLong(DatasetResult::saved).sum();
    }

    /**
     * The result as JSON.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        return ResultJson.of(this);
    }

    /** A line of counts, then what there is to say of each dataset that did not end well, and the warnings. */
    @Override
    public String toString() {
        StringJoiner counts = new StringJoiner(", ", "result: ", "\n");
        counts.setEmptyValue("result: nothing to do\n");
        add(counts, DatasetResult.Outcome.Replicated.class, "replicated" + volume());
        add(counts, DatasetResult.Outcome.UpToDate.class, "up to date");
        add(counts, DatasetResult.Outcome.Skipped.class, "skipped");
        add(counts, DatasetResult.Outcome.Refused.class, "refused");
        add(counts, DatasetResult.Outcome.Failed.class, "failed");
        add(counts, DatasetResult.Outcome.Cancelled.class, "cancelled");
        StringBuilder text = new StringBuilder(counts.toString());
        for (DatasetResult dataset : datasets) {
            if (dataset.outcome() instanceof DatasetResult.Outcome.Failed failed) {
                ZfsFailure failure = failed.failure();
                text.append("  ").append(dataset.source()).append(" -> ").append(dataset.target());
                text.append(": FAILED, ").append(failure.text().strip().replace("\n", "\n      "));
                text.append("\n      in: ").append(failure.command());
                text.append("\n      on the target now: ");
                text.append(
                        dataset.arrived().isEmpty()
                                ? "nothing new"
                                : dataset.arrived().size() + " of the planned snapshots");
                dataset.kept()
                        .ifPresent(kept -> text.append(", and what came through of the next, which the next run carries"
                                        + " on; to give its room back: zfs receive -A ")
                                .append(kept));
                text.append('\n');
            } else if (dataset.outcome() instanceof DatasetResult.Outcome.Refused refused) {
                text.append("  ").append(dataset.source()).append(" -> ").append(dataset.target());
                text.append(": REFUSED, ").append(refused.refusal().why());
                text.append("\n      way out: ").append(refused.refusal().wayOut());
                text.append('\n');
            }
        }
        int retries = datasets.stream().mapToInt(DatasetResult::retries).sum();
        if (retries > 0 || saved() > 0) {
            text.append("  interrupted and gone on with: ")
                    .append(retries)
                    .append(retries == 1 ? " retry, " : " retries, ")
                    .append(saved())
                    .append(" bytes were not sent again\n");
        }
        warnings.forEach(w -> text.append("  warning: ").append(w).append('\n'));
        return text.toString();
    }

    private void add(StringJoiner counts, Class<? extends DatasetResult.Outcome> outcome, String what) {
        int count = count(outcome);
        if (count > 0) {
            counts.add(count + " " + what);
        }
    }

    /** What arrived in those that were replicated: verified, all of it. */
    private String volume() {
        int snapshots = datasets.stream()
                .filter(d -> d.outcome() instanceof DatasetResult.Outcome.Replicated)
                .mapToInt(d -> d.arrived().size())
                .sum();
        return " (" + snapshots + (snapshots == 1 ? " snapshot" : " snapshots") + " verified by GUID)";
    }
}
