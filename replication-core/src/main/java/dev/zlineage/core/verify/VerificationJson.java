// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.plan.Decision;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import java.util.Locale;

/** Prints a result for programs. */
final class VerificationJson {

    private VerificationJson() {}

    static String of(VerificationResult result) {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.verify/1");
        json.name("source").value(result.request().source().value());
        json.name("sourceHost").value(result.sourceHost());
        json.name("target").value(result.request().target().value());
        json.name("targetHost").value(result.targetHost());
        json.name("recursive").value(result.request().recursive());
        json.name("deep").value(!(result.depth() instanceof Depth.Guids));
        json.name("same").value(result.same());
        json.name("datasets").array();
        result.datasets().forEach(dataset -> dataset(json, dataset));
        return json.endArray().endObject().toString();
    }

    private static void dataset(JsonWriter json, DatasetVerdict verdict) {
        json.object();
        json.name("source").value(verdict.source().value());
        json.name("target").value(verdict.target().value());
        json.name("standing").value(Words.word(verdict.standing()));
        json.name("relation").value(words(verdict.relation()));
        json.name("why").value(verdict.decision().why());
        if (verdict.decision() instanceof Decision.Refuse refuse) {
            json.name("wayOut").value(refuse.wayOut());
        }
        json.name("common").value(verdict.common());
        json.name("missing").array();
        verdict.missing().forEach(s -> {
            json.object().name("name").value(s.label());
            json.name("guid").value(s.guid().toString()).endObject();
        });
        json.endArray();
        json.name("snapshots").array();
        verdict.snapshots().forEach(s -> snapshot(json, verdict, s));
        json.endArray().endObject();
    }

    private static void snapshot(JsonWriter json, DatasetVerdict dataset, SnapshotVerdict verdict) {
        json.object();
        json.name("source").value(verdict.source().toString());
        json.name("target").value(verdict.target().toString());
        json.name("guid").value(verdict.guid().toString());
        json.name("outcome").value(words(verdict.outcome()));
        if (verdict.outcome() instanceof Outcome.Same same) {
            json.name("compared").value(same.parts());
        }
        Words.failure(verdict.outcome()).ifPresent(text -> json.name("message").value(text));
        if (verdict.outcome() instanceof Outcome.Different different) {
            json.name("total").value(different.total());
            json.name("differences").array();
            different.differences().forEach(d -> difference(json, d));
            json.endArray();
        }
        json.name("remedy").value(Words.word(verdict.remedy()));
        Words.wayOut(verdict, Verification.older(dataset.snapshots(), verdict))
                .ifPresent(way -> json.name("wayOut").value(way));
        json.endObject();
    }

    private static void difference(JsonWriter json, Difference difference) {
        json.object().name("kind").value(words(difference));
        if (difference instanceof Difference.OnlyOn only) {
            json.name("side").value(only.side().toString());
            json.name("path").value(Words.path(only.path()));
        } else if (difference instanceof Difference.Changed changed) {
            json.name("path").value(Words.path(changed.path()));
            json.name("aspects").array();
            changed.aspects().forEach(aspect -> json.value(Words.word(aspect)));
            json.endArray();
        } else if (difference instanceof Difference.Unreadable damaged) {
            json.name("side").value(damaged.side().toString());
            json.name("path").value(Words.path(damaged.path()));
        } else if (difference instanceof Difference.Bytes bytes) {
            json.name("from").value(bytes.from());
            json.name("to").value(bytes.to());
        } else if (difference instanceof Difference.UnreadableFrom damaged) {
            json.name("side").value(damaged.side().toString());
            json.name("from").value(damaged.from());
        } else if (difference instanceof Difference.Lengths lengths) {
            json.name("onSource").value(lengths.source());
            json.name("onTarget").value(lengths.target());
        }
        json.endObject();
    }

    /** OnlyOn becomes only-on. */
    private static String words(Object value) {
        return value.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
