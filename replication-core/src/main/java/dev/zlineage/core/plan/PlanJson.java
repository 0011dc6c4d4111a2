// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.select.EncryptionChoice;
import dev.zlineage.core.select.StreamForm;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.SendStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prints a plan for programs. */
final class PlanJson {

    private PlanJson() {}

    static String of(ReplicationPlan plan) {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.plan/1");
        json.name("source").value(plan.request().source().value());
        json.name("sourceHost").value(plan.sourceHost());
        json.name("target").value(plan.request().target().value());
        json.name("targetHost").value(plan.targetHost());
        json.name("recursive").value(plan.request().recursive());
        json.name("keepClones").value(plan.request().keepClones());
        json.name("readonly").value(words(plan.request().readonly().name()));
        encryption(json, plan.request().encryption());
        form(json, plan.request().form());
        json.name("properties").object();
        json.name("send").value(plan.request().properties().send());
        strings(json, "exclude", plan.request().properties().exclude());
        assignments(json, "set", plan.request().properties().set());
        json.endObject();
        plan.snapshot().ifPresent(s -> json.name("takeSnapshot").value(s.toString()));
        json.name("create").array();
        for (NewParent parent : plan.parents()) {
            json.object().name("dataset").value(parent.name().value());
            json.name("why").value(parent.why()).endObject();
        }
        json.endArray();
        plan.estimate().ifPresent(bytes -> json.name("estimatedBytes").value(bytes));
        json.name("datasets").array();
        plan.datasets().forEach(dataset -> dataset(json, dataset));
        json.endArray();
        json.name("leftOut").array();
        for (DatasetName name : plan.leftOut()) {
            json.object().name("dataset").value(name.value());
            json.name("why").value(plan.request().exclude().why(name)).endObject();
        }
        json.endArray();
        json.name("destroys").array();
        plan.destroys().forEach(json::value);
        json.endArray();
        Approval.of(List.of(plan))
                .token()
                .ifPresent(token -> json.name("approval").value(token));
        json.name("warnings").array();
        plan.warnings().forEach(json::value);
        json.endArray();
        return json.endObject().toString();
    }

    private static void encryption(JsonWriter json, EncryptionChoice choice) {
        json.name("encryption").object();
        if (choice instanceof EncryptionChoice.OwnKey own) {
            json.name("choice").value("own-key");
            json.name("keyformat").value(own.format().value());
            json.name("keylocation").value(own.location());
        } else {
            json.name("choice").value(choice instanceof EncryptionChoice.Inherited ? "inherited" : "as-it-comes");
        }
        json.endObject();
    }

    private static void form(JsonWriter json, StreamForm form) {
        json.name("form").object();
        json.name("largeBlocks").value(form.largeBlocks());
        json.name("compressed").value(form.compressed());
        json.name("embedded").value(form.embedded());
        json.endObject();
    }

    private static void strings(JsonWriter json, String name, Set<String> values) {
        json.name(name).array();
        new TreeSet<>(values).forEach(json::value);
        json.endArray();
    }

    private static void assignments(JsonWriter json, String name, Map<String, String> values) {
        json.name(name).object();
        new TreeMap<>(values).forEach((property, value) -> json.name(property).value(value));
        json.endObject();
    }

    private static void dataset(JsonWriter json, DatasetPlan plan) {
        json.object();
        json.name("source").value(plan.source().value());
        json.name("target").value(plan.target().value());
        json.name("kind").value(plan.kind().name().toLowerCase(Locale.ROOT));
        json.name("relation").value(words(plan.relation().getClass().getSimpleName()));
        json.name("decision").value(words(plan.decision().getClass().getSimpleName()));
        json.name("why").value(plan.decision().why());
        if (plan.decision() instanceof Decision.Refuse refusal) {
            json.name("reason").value(word(refusal.reason()));
            json.name("wayOut").value(refusal.wayOut());
        }
        plan.cloneOf().ifPresent(origin -> json.name("cloneOf").value(origin.toString()));
        json.name("omitted").value(plan.fates().omitted());
        json.name("snapshots").array();
        for (Fates.Run run : plan.fates().runs()) {
            json.object().name("fate").value(word(run.fate()));
            json.name("first").value(run.first());
            json.name("last").value(run.last());
            json.name("count").value(run.count()).endObject();
        }
        json.endArray();
        json.name("gaps").array();
        plan.fates().forEach((label, fate) -> {
            if (fate == Fate.GAP) {
                json.value(label);
            }
        });
        json.endArray();
        plan.estimate().ifPresent(bytes -> json.name("estimatedBytes").value(bytes));
        steps(json, "before", plan.before());
        json.name("streams").array();
        plan.streams().forEach(transfer -> stream(json, transfer));
        json.endArray();
        steps(json, "after", plan.after());
        json.name("bookmarks").array();
        plan.bookmarks().forEach(b -> json.value(b.bookmark().toString()));
        json.endArray();
        json.name("obsoleteBookmarks").array();
        plan.obsolete().forEach(b -> json.value(b.toString()));
        json.endArray();
        json.endObject();
    }

    private static void steps(JsonWriter json, String name, List<TargetStep> steps) {
        json.name(name).array();
        for (TargetStep step : steps) {
            json.object().name("step").value(words(step.getClass().getSimpleName()));
            json.name("target").value(step.target().value());
            json.name("what").value(step.what());
            json.name("destroys").array();
            step.destroys().forEach(json::value);
            json.endArray().endObject();
        }
        json.endArray();
    }

    private static void stream(JsonWriter json, PlannedStream transfer) {
        json.object();
        json.name("kind").value(words(transfer.send().getClass().getSimpleName()));
        if (transfer.send() instanceof SendStream.Increment increment) {
            json.name("base").value(increment.base().toString());
        } else if (transfer.send() instanceof SendStream.Series series) {
            json.name("base").value(series.base().toString());
        }
        if (transfer.saved() > 0) {
            json.name("savedBytes").value(transfer.saved());
        }
        transfer.estimate().ifPresent(bytes -> json.name("estimatedBytes").value(bytes));
        transfer.base().ifPresent(guid -> json.name("baseGuid").value(guid.toString()));
        transfer.send().form().ifPresent(form -> {
            json.name("raw").value(form.raw());
            json.name("properties").value(form.properties());
        });
        assignments(json, "set", transfer.receive().set());
        strings(json, "exclude", transfer.receive().exclude());
        json.name("snapshots").array();
        transfer.arriving().forEach(s -> {
            json.object().name("name").value(s.label());
            json.name("guid").value(s.guid().toString()).endObject();
        });
        json.endArray();
        json.endObject();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** AheadWritten becomes ahead-written. */
    private static String words(String camelCase) {
        return camelCase.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
