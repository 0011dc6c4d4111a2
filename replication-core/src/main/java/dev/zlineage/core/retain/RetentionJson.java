// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.retain;

import dev.zlineage.core.json.JsonWriter;
import java.util.Locale;

/** Prints a plan of deletions for programs. */
final class RetentionJson {

    private RetentionJson() {}

    static String of(RetentionPlan plan) {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.retention/1");
        json.name("host").value(plan.host());
        json.name("now").value(plan.now().toString());
        json.name("destroyed").value(plan.destroyed());
        json.name("datasets").array();
        for (DatasetRetention dataset : plan.datasets()) {
            json.object().name("dataset").value(dataset.dataset().value());
            dataset.leftAlone().ifPresent(left -> {
                json.name("leftAlone").value(word(left.reason()));
                json.name("why").value(left.why());
                json.name("wayOut").value(left.wayOut());
            });
            json.name("snapshots").array();
            dataset.snapshots()
                    .forEach(fate -> fate(json, fate, dataset.leftAlone().isPresent()));
            json.endArray().endObject();
        }
        return json.endArray().endObject().toString();
    }

    private static void fate(JsonWriter json, SnapshotFate fate, boolean leftAlone) {
        json.object().name("name").value(fate.snapshot().label());
        json.name("guid").value(fate.snapshot().guid().toString());
        json.name("destroy").value(fate.mayGo() && !leftAlone);
        json.name("opinions").array();
        for (Opinion opinion : fate.opinions()) {
            json.object().name("stance").value(word(opinion.stance()));
            json.name("by").value(opinion.by());
            json.name("why").value(opinion.why()).endObject();
        }
        json.endArray().endObject();
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
