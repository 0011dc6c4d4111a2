// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.doctor;

import dev.zlineage.core.doctor.Finding.Standing;
import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.zfs.Answer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What was found on a pool.
 *
 * @param host what to call the host
 * @param root where it was looked for
 * @param now when
 * @param datasets in how many datasets
 * @param findings everything of ours
 */
public record Examination(String host, DatasetName root, Instant now, int datasets, List<Finding> findings) {

    /** Copies the list. */
    public Examination {
        findings = List.copyOf(findings);
    }

    /**
     * How many findings there are of one standing.
     *
     * @param standing the standing
     * @return how many
     */
    public int count(Standing standing) {
        return (int) findings.stream().filter(f -> f.standing() == standing).count();
    }

    /**
     * Removes what no task needs.
     *
     * @param host the host that was examined
     * @param asideToo the names of datasets that a swap left and that are to be destroyed too, with all they hold
     * @return for each finding that was to go, why it could not; findings that went are not in it
     */
    public Map<Finding, ZfsFailure> clean(Zfs host, Predicate<Finding> asideToo) {
        Map<Finding, ZfsFailure> failed = new LinkedHashMap<>();
        for (Finding finding : findings) {
            if (goes(finding, asideToo)) {
                for (ZfsCommand<?> command : finding.cure()) {
                    if (host.execute(command) instanceof Answer.Failed<?> failure) {
                        failed.put(finding, failure.failure());
                    }
                }
            }
        }
        return failed;
    }

    private static boolean goes(Finding finding, Predicate<Finding> asideToo) {
        return finding.standing() == Standing.SUPERFLUOUS
                || finding.standing() == Standing.KEPT && asideToo.test(finding);
    }

    /**
     * The examination as JSON.
     *
     * @return a JSON object over several lines
     */
    public String toJson() {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.examination/1");
        json.name("host").value(host);
        json.name("root").value(root.value());
        json.name("datasets").value(datasets);
        json.name("findings").array();
        for (Finding finding : findings) {
            json.object().name("kind").value(word(finding.kind()));
            json.name("name").value(finding.name());
            finding.destination().ifPresent(id -> json.name("destination").value(id));
            finding.since().ifPresent(since -> json.name("since").value(since.toString()));
            finding.bytes().ifPresent(bytes -> json.name("bytes").value(bytes));
            json.name("standing").value(word(finding.standing()));
            json.name("why").value(finding.why()).endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A line for each finding, those that can go first. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("examined: " + root + " on " + host + ", " + datasets
                + (datasets == 1 ? " dataset" : " datasets") + "; of zlineage's own: " + findings.size() + "\n");
        for (Standing standing : List.of(Standing.SUPERFLUOUS, Standing.KEPT, Standing.UNDECIDED, Standing.NEEDED)) {
            for (Finding finding : findings) {
                if (finding.standing() == standing) {
                    text.append(String.format(
                            Locale.ROOT, "  %-11s %-15s %s", word(standing), word(finding.kind()), finding.name()));
                    finding.since().ifPresent(since -> text.append(", ").append(age(since)));
                    finding.bytes()
                            .filter(bytes -> bytes > 0)
                            .ifPresent(bytes -> text.append(", ").append(bytes).append(" bytes"));
                    text.append("\n      ").append(finding.why()).append('\n');
                }
            }
        }
        return text.toString();
    }

    private String age(Instant since) {
        Duration age = Duration.between(since, now);
        if (age.toDays() > 0) {
            return age.toDays() + (age.toDays() == 1 ? " day old" : " days old");
        }
        return age.toHours() > 0 ? age.toHours() + " h old" : Math.max(0, age.toMinutes()) + " min old";
    }
}
