// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.json.JsonWriter;
import java.util.Locale;

/** Prints results for programs. */
final class ResultJson {

    private ResultJson() {}

    static String of(ReplicationResult result) {
        JsonWriter json = new JsonWriter(true).object();
        json.name("format").value("zlineage.result/1");
        json.name("success").value(result.success());
        json.name("bytes").value(result.bytes());
        json.name("milliseconds").value(result.duration().toMillis());
        json.name("datasets").array();
        result.datasets().forEach(dataset -> dataset(json, dataset));
        json.endArray();
        json.name("warnings").array();
        result.warnings().forEach(json::value);
        return json.endArray().endObject().toString();
    }

    static JsonWriter dataset(JsonWriter json, DatasetResult dataset) {
        json.object().name("source").value(dataset.source().value());
        json.name("target").value(dataset.target().value());
        json.name("outcome")
                .value(dataset.outcome()
                        .getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                        .toLowerCase(Locale.ROOT));
        if (dataset.outcome() instanceof DatasetResult.Outcome.Failed failed) {
            json.name("failure").value(kebab(failed.failure().kind()));
            json.name("message").value(failed.failure().text().strip());
            json.name("command").value(failed.failure().command());
        } else if (dataset.outcome() instanceof DatasetResult.Outcome.Refused refused) {
            json.name("reason").value(kebab(refused.refusal().reason()));
            json.name("message").value(refused.refusal().why());
            json.name("wayOut").value(refused.refusal().wayOut());
        } else if (dataset.outcome() instanceof DatasetResult.Outcome.Skipped skipped) {
            json.name("message").value(skipped.why());
        }
        json.name("bytes").value(dataset.bytes());
        json.name("savedBytes").value(dataset.saved());
        json.name("retries").value(dataset.retries());
        json.name("resumable").value(dataset.resumable());
        json.name("arrived").array();
        dataset.arrived()
                .forEach(s -> json.object()
                        .name("name")
                        .value(s.label())
                        .name("guid")
                        .value(s.guid().toString())
                        .endObject());
        return json.endArray().endObject();
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
