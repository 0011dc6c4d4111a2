// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.plan.Bytes;
import dev.zlineage.core.zfs.Dataset;
import java.util.Collection;
import java.util.List;

/** Prints surveys for people. */
final class SurveyText {

    private final StringBuilder out = new StringBuilder();

    private SurveyText() {}

    static String of(Collection<String> schemas, List<Surveyed> surveys, List<Surveyed.Missed> missed) {
        SurveyText text = new SurveyText();
        schemas.forEach(schema -> text.line("naming schema: " + schema));
        surveys.forEach(text::survey);
        missed.forEach(each -> text.line("replication task " + each.task() + ": " + each.source() + ": FAILED, "
                + each.failure().text().strip().replace("\n", "\n  ")));
        return text.out.toString();
    }

    private void survey(Surveyed survey) {
        line(survey.task().map(task -> "replication task " + task + ": ").orElse("")
                + survey.request().source() + " on " + survey.host() + ": "
                + Words.count(survey.datasets().size(), "dataset") + ", "
                + Words.count(survey.count().total(), "snapshot") + ", "
                + survey.count().selected() + " of them selected");
        survey.datasets()
                .forEach(dataset -> line(
                        "  " + dataset(dataset) + (survey.request().includes(dataset.name()) ? "" : ", left out")));
        survey.count().obstacles().forEach((dataset, why) -> line("  " + dataset + ": " + why));
        survey.target().ifPresent(target -> target(survey, target));
    }

    private static String dataset(Dataset dataset) {
        String key = dataset.encryption()
                .map(e -> ", encrypted by the key of " + e.root() + (e.keyLoaded() ? "" : ", which is not loaded"))
                .orElse("");
        return dataset.name() + ": " + Words.kebab(dataset.kind()) + ", " + Bytes.words(dataset.used()) + key;
    }

    private void target(Surveyed survey, Surveyed.Target target) {
        line("  target " + survey.request().target() + " on " + target.host() + ": "
                + (target.unmatched().isEmpty()
                        ? "no snapshot that its source lacks"
                        : "snapshots that its source lacks:"));
        target.unmatched()
                .forEach((dataset, snapshots) ->
                        snapshots.forEach(snapshot -> line("    " + dataset + "@" + snapshot.label())));
        target.keys().forEach((root, key) -> line("    " + root + " is opened by the key of " + key));
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
