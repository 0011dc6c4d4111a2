// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.verify.DatasetVerdict.Standing;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.zfs.Snapshot;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Prints a result for people. */
final class VerificationText {

    private static final int LISTED = 20;

    private final StringBuilder out = new StringBuilder();

    private VerificationText() {}

    static String of(VerificationResult result) {
        VerificationText text = new VerificationText();
        String source = result.sourceHost().equals(result.targetHost()) ? "" : " on " + result.sourceHost();
        text.line("verify: " + result.request().source() + source + " -> "
                + result.request().target() + " on " + result.targetHost()
                + (result.request().recursive() ? ", with everything below" : "") + "; " + depth(result.depth()));
        result.datasets().forEach(text::dataset);
        StringJoiner counts = new StringJoiner(", ", "result: ", "");
        for (Standing standing : Standing.values()) {
            int n = result.count(standing);
            if (n > 0) {
                counts.add(n + " " + Words.word(standing).replace('-', ' '));
            }
        }
        text.line(counts.toString());
        return text.out.toString();
    }

    private static String depth(Depth depth) {
        if (depth instanceof Depth.Guids) {
            return "by GUID alone, contents were not read";
        }
        if (depth instanceof Depth.NewestCommon) {
            return "by GUID, and by what the newest common snapshot holds";
        }
        return depth instanceof Depth.Labelled labelled
                ? "by GUID, and by what @" + labelled.label() + " holds"
                : "by GUID, and by what every common snapshot holds";
    }

    private void dataset(DatasetVerdict verdict) {
        Standing standing = verdict.standing();
        line("  " + verdict.source() + ": "
                + (standing == Standing.SAME
                        ? "same"
                        : Words.word(standing).replace('-', ' ').toUpperCase(Locale.ROOT))
                + ", " + why(verdict));
        if (verdict.decision() instanceof Decision.Refuse refuse) {
            line("      way out: " + refuse.wayOut());
        }
        verdict.snapshots().forEach(this::snapshot);
        if (verdict.nothingToRead()) {
            line("      the snapshot that was to be read is not on both sides");
        }
        ways(verdict).forEach(way -> line("      way out: " + way));
    }

    private static List<String> ways(DatasetVerdict verdict) {
        return verdict.snapshots().stream()
                .flatMap(s -> Words.wayOut(s, Verification.older(verdict.snapshots(), s)).stream())
                .limit(1)
                .toList();
    }

    private static String why(DatasetVerdict verdict) {
        if (!verdict.missing().isEmpty()) {
            int n = verdict.missing().size();
            return "the target lacks " + n + (n == 1 ? " snapshot:" : " snapshots:")
                    + verdict.missing().stream()
                            .limit(LISTED)
                            .map(Snapshot::toString)
                            .collect(Collectors.joining(" ", " ", n > LISTED ? " ..." : ""))
                    + (verdict.decision() instanceof Decision.Refuse refuse ? "; " + refuse.why() : "");
        }
        return verdict.decision().why();
    }

    private void snapshot(SnapshotVerdict snapshot) {
        String head = "      @" + snapshot.source().label() + ": ";
        Outcome outcome = snapshot.outcome();
        if (outcome instanceof Outcome.Same same) {
            line(head + "the same contents (" + same.parts() + " compared)");
        } else if (outcome instanceof Outcome.Different different) {
            line(head + different.total() + (different.total() == 1 ? " difference" : " differences"));
            different.differences().stream().limit(LISTED).forEach(d -> line("          " + Words.of(d)));
            if (different.total() > LISTED) {
                line("          and " + (different.total() - LISTED) + " more (--json lists up to " + Comparing.KEPT
                        + ")");
            }
        } else {
            line(head + Words.failure(outcome).orElse(""));
        }
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
