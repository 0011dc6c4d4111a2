// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli.definition;

import dev.zlineage.scheduler.task.OwnOptions;
import dev.zlineage.scheduler.task.RunRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The block {@code zlineage} of a replication task. */
final class OwnFields {

    private OwnFields() {}

    static OwnOptions read(Fields fields) {
        OwnOptions common = OwnOptions.DEFAULTS
                .withParallel(fields.number("parallel").map(Long::intValue).orElseThrow())
                .withTrustBookmarks(fields.flag("trust-bookmarks"))
                .withIgnoreRoom(fields.flag("ignore-room"))
                .withClones(fields.flag("clones"))
                .withKeepEncryptionRoots(fields.flag("keep-encryption-roots"))
                .withLetThrough(fields.texts("let-through"))
                .withInclude(fields.texts("include"))
                .withTargets(fields.fields("targets").map(Fields::eachText).orElse(Map.of()))
                .withAfter(fields.texts("after"));
        OwnOptions patient =
                fields.read("stall", OwnFields::time).map(common::withStall).orElse(common);
        OwnOptions keeping = fields.text("key-sink").map(patient::withKeySink).orElse(patient);
        OwnOptions selecting = fields.text("tagged").map(keeping::withTagged).orElse(keeping);
        OwnOptions pruning =
                fields.read("prune", OwnFields::time).map(selecting::withPrune).orElse(selecting);
        OwnOptions keep = KeepFields.read(fields).map(pruning::withKeep).orElse(pruning);
        OwnOptions ruled = keep.withSpeedLimits(SpeedLimitFields.read(fields, "speed-limits"))
                .withRules(rules(fields));
        Optional<String> remedy = fields.word("on-divergence");
        return remedy.map(RemedyWords.ALL::get).map(ruled::withOnDivergence).orElse(ruled);
    }

    private static RunRules rules(Fields fields) {
        return new RunRules(
                fields.word("missed")
                        .map(word -> RunRules.Missed.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElseThrow(),
                fields.read("staleness", OwnFields::time),
                fields.read("jitter", OwnFields::time).orElse(RunRules.DEFAULT.jitter()),
                fields.number("priority").map(Long::intValue).orElseThrow(),
                fields.read("deadline", OwnFields::time),
                fields.flag("end-with-window"));
    }

    static Duration time(String iso) {
        try {
            return Duration.parse(iso);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + iso + "' is no time: write it as ISO 8601 does, such as PT15M or PT1H30M", e);
        }
    }
}
