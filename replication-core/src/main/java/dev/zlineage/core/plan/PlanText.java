// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.PropertyChoice;
import dev.zlineage.core.select.ReadonlyPolicy;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Prints a plan for people. */
final class PlanText {

    private static final int LISTED = 5;

    private final StringBuilder out = new StringBuilder();

    private final boolean everySnapshot;

    private PlanText(boolean everySnapshot) {
        this.everySnapshot = everySnapshot;
    }

    static String of(ReplicationPlan plan, boolean everySnapshot) {
        PlanText text = new PlanText(everySnapshot);
        text.head(plan);
        text.form(plan.request());
        plan.snapshot().ifPresent(s -> text.line("  take snapshot " + s + scope(plan)));
        plan.parents().forEach(p -> text.line("  create " + p.name() + ": " + p.why()));
        plan.datasets().forEach(text::dataset);
        plan.leftOut()
                .forEach(name -> text.line("  " + name + ": left out, with everything below"
                        + (plan.datasets().stream().anyMatch(d -> name.contains(d.source()))
                                ? " that is not taken in again: "
                                : ": ")
                        + plan.request().exclude().why(name)));
        long made =
                plan.datasets().stream().filter(d -> d.bookmark().isPresent()).count();
        if (made > 0) {
            text.line("  bookmarks on the source: " + made + " new, to go on from when a snapshot is destroyed there");
        }
        plan.warnings().forEach(w -> text.line("  warning: " + w));
        List<String> lost = plan.destroys();
        text.line("  destroyed: " + (lost.isEmpty() ? "nothing" : "on the target") + bookmarks(plan));
        lost.forEach(each -> text.line("      " + each));
        return text.out.toString();
    }

    private static String scope(ReplicationPlan plan) {
        return plan.request().recursive() ? " and the same of everything below, at one moment" : "";
    }

    private static String bookmarks(ReplicationPlan plan) {
        long count =
                plan.datasets().stream().mapToLong(d -> d.obsolete().size()).sum();
        return count == 0
                ? ""
                : (plan.destroys().isEmpty() ? " but " : ", and ") + count(count, "older bookmark")
                        + " of zlineage's own on the source";
    }

    private void head(ReplicationPlan plan) {
        List<DatasetPlan> all = plan.datasets();
        long full = all.stream()
                .filter(d -> d.sends() && d.streams().get(0).base().isEmpty())
                .count();
        long sending = all.stream().filter(DatasetPlan::sends).count();
        long snapshots = all.stream()
                .flatMap(d -> d.streams().stream())
                .mapToLong(t -> t.arriving().size())
                .sum();
        String source = plan.request().source().value();
        String target = plan.request().target().value();
        line("plan: " + source
                + (plan.sourceHost().equals(plan.targetHost()) ? "" : on(plan.sourceHost()))
                + " -> " + target + on(plan.targetHost())
                + (plan.request().recursive() ? ", with everything below" : ""));
        StringJoiner counts = new StringJoiner(", ", "  " + count(all.size(), "dataset") + ": ", "");
        counts.setEmptyValue("  nothing to look at");
        add(counts, full, "in full");
        add(counts, sending - full, "by increment");
        add(counts, count(all, Decision.UpToDate.class), "up to date");
        add(counts, count(all, Decision.Skip.class), "skipped");
        add(counts, plan.refused(), "refused");
        line(counts + (snapshots == 0 ? "" : "; " + count(snapshots, "snapshot") + " to send" + size(plan.estimate())));
    }

    /** What is not as it is without being asked for. */
    private void form(ReplicationRequest request) {
        PropertyChoice properties = request.properties();
        StringJoiner said = new StringJoiner("; ", "  properties: ", "");
        said.setEmptyValue("");
        if (properties.send()) {
            Set<String> without = new TreeSet<>(properties.notTaken());
            without.removeAll(properties.set().keySet());
            said.add("those of the source" + (without.isEmpty() ? "" : ", without " + String.join(", ", without)));
        }
        properties.set().forEach((name, value) -> said.add(name + "=" + value));
        if (said.length() > 0) {
            line(said.toString());
        }
        if (request.encryption() instanceof EncryptionChoice.AsItComes as && as.keepRoots()) {
            line("  encryption: what shares a key on the source comes to share it");
        } else if (request.encryption() instanceof EncryptionChoice.Inherited) {
            line("  encryption: by the key of what is above");
        } else if (request.encryption() instanceof EncryptionChoice.OwnKey own) {
            line("  encryption: by a key of its own (" + own.format().value() + "), "
                    + own.path().map("kept in "::concat).orElse("handed over once the target is there"));
        }
        if (request.readonly() != ReadonlyPolicy.SET) {
            line("  readonly: "
                    + (request.readonly() == ReadonlyPolicy.REQUIRE ? "required of targets" : "left as it is"));
        }
        if (!request.form().equals(StreamForm.DEFAULT)) {
            line("  blocks: " + (request.form().largeBlocks() ? "large ones whole" : "none over 128 KiB")
                    + (request.form().compressed() ? ", compressed as on disk" : ", not compressed")
                    + (request.form().embedded() ? ", small ones embedded" : ""));
        }
    }

    private static long count(List<DatasetPlan> all, Class<? extends Decision> decision) {
        return all.stream().filter(d -> decision.isInstance(d.decision())).count();
    }

    private static void add(StringJoiner counts, long n, String what) {
        if (n > 0) {
            counts.add(n + " " + what);
        }
    }

    private static String on(String host) {
        return host.isEmpty() ? "" : " on " + host;
    }

    private void dataset(DatasetPlan plan) {
        line("  " + plan.source() + ": " + verdict(plan.decision()) + size(plan.estimate()));
        plan.before().forEach(step -> line("      first: " + step.what()));
        for (PlannedStream transfer : plan.streams()) {
            line("      " + stream(transfer));
        }
        plan.after().forEach(step -> line("      then: " + step.what()));
        StringJoiner leftOut = new StringJoiner(", ", "      leaves out ", "");
        leftOut.setEmptyValue("");
        for (Fate fate : Fate.values()) {
            int count = fate.isLeftOut() ? plan.fates().count(fate) : 0;
            if (count > 0) {
                leftOut.add((leftOut.length() == 0 ? count(count, "snapshot") : count) + " " + fate.counted());
            }
        }
        if (leftOut.length() > 0) {
            line(leftOut.toString());
        }
        if (everySnapshot) {
            plan.fates().forEach((label, fate) -> line("      @" + label + ": " + fate.words()));
        }
        if (plan.decision() instanceof Decision.Refuse refusal) {
            line("      way out: " + refusal.wayOut());
        }
    }

    private static String verdict(Decision decision) {
        if (decision instanceof Decision.Send send) {
            return "send " + send.why();
        }
        if (decision instanceof Decision.UpToDate same) {
            return "up to date, " + same.why();
        }
        if (decision instanceof Decision.Skip skip) {
            return "skip, " + skip.why();
        }
        return "REFUSED, " + decision.why();
    }

    private static String stream(PlannedStream transfer) {
        SendStream send = transfer.send();
        String mode = send.form().filter(StreamMode::raw).map(m -> ", raw").orElse("")
                + send.form()
                        .filter(StreamMode::properties)
                        .map(m -> ", with properties")
                        .orElse("");
        if (send instanceof SendStream.Full full) {
            return "full      @" + full.to().label() + mode;
        }
        if (send instanceof SendStream.Increment increment) {
            return "increment " + base(increment) + " -> @" + increment.to().label() + mode;
        }
        if (send instanceof SendStream.Series series) {
            return "series    @" + series.base().label() + " -> @" + series.to().label() + ", "
                    + count(transfer.arriving().size(), "snapshot") + names(transfer) + mode;
        }
        return "resume    -> " + transfer.last() + ", " + transfer.saved() + " bytes of it are there";
    }

    private static String names(PlannedStream transfer) {
        int n = transfer.arriving().size();
        if (n > LISTED) {
            return "";
        }
        StringBuilder names = new StringBuilder(":");
        transfer.arriving().forEach(s -> names.append(' ').append(s));
        return names.toString();
    }

    private static String base(SendStream.Increment increment) {
        return increment.base().dataset().equals(increment.to().dataset())
                ? sigil(increment.base())
                : increment.base().toString();
    }

    private static String sigil(PointName name) {
        return name.toString().substring(name.dataset().value().length());
    }

    private static String size(OptionalLong bytes) {
        return bytes.isEmpty() ? "" : ", about " + Bytes.words(bytes.getAsLong());
    }

    private static String count(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
