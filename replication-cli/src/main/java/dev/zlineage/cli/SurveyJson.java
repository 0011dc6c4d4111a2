// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.json.JsonWriter;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Snapshot;
import java.util.Collection;
import java.util.List;

/** Prints surveys for programs. */
final class SurveyJson {

    private final JsonWriter json = new JsonWriter(true);

    private SurveyJson() {}

    static String of(Collection<String> schemas, List<Surveyed> surveys, List<Surveyed.Missed> missed) {
        SurveyJson text = new SurveyJson();
        text.write(schemas, surveys, missed);
        return text.json.toString();
    }

    private void write(Collection<String> schemas, List<Surveyed> surveys, List<Surveyed.Missed> missed) {
        json.object().name("format").value("zlineage.survey/1");
        json.name("namingSchemas").array();
        schemas.forEach(json::value);
        json.endArray().name("surveys").array();
        surveys.forEach(this::survey);
        json.endArray().name("failed").array();
        for (Surveyed.Missed each : missed) {
            json.object().name("task").value(each.task());
            json.name("source").value(each.source().value());
            json.name("failure").value(Words.kebab(each.failure().kind()));
            json.name("message").value(each.failure().text().strip()).endObject();
        }
        json.endArray().endObject();
    }

    private void survey(Surveyed survey) {
        json.object();
        survey.task().ifPresent(task -> json.name("task").value(task));
        json.name("source").value(survey.request().source().value());
        json.name("sourceHost").value(survey.host());
        json.name("datasets").array();
        survey.datasets().forEach(dataset -> dataset(dataset, survey.request().includes(dataset.name())));
        json.endArray();
        json.name("snapshots").value(survey.count().total());
        json.name("selected").value(survey.count().selected());
        json.name("obstacles").array();
        survey.count()
                .obstacles()
                .forEach((dataset, why) -> json.object()
                        .name("dataset")
                        .value(dataset.value())
                        .name("message")
                        .value(why)
                        .endObject());
        json.endArray();
        survey.target().ifPresent(target -> target(survey, target));
        json.endObject();
    }

    private void dataset(Dataset dataset, boolean included) {
        json.object().name("name").value(dataset.name().value());
        json.name("kind").value(Words.kebab(dataset.kind()));
        json.name("usedBytes").value(dataset.used());
        json.name("readonly").value(dataset.readonly());
        json.name("mounted").value(dataset.mounted());
        dataset.encryption().ifPresent(encryption -> {
            json.name("encryptionRoot").value(encryption.root().value());
            json.name("keyLoaded").value(encryption.keyLoaded());
        });
        json.name("included").value(included).endObject();
    }

    private void target(Surveyed survey, Surveyed.Target target) {
        json.name("target").value(survey.request().target().value());
        json.name("targetHost").value(target.host());
        json.name("unmatched").array();
        target.unmatched().forEach(this::unmatched);
        json.endArray().name("keys").array();
        target.keys()
                .forEach((root, key) -> json.object()
                        .name("root")
                        .value(root.value())
                        .name("keyOf")
                        .value(key.value())
                        .endObject());
        json.endArray();
    }

    private void unmatched(DatasetName dataset, List<Snapshot> snapshots) {
        json.object().name("dataset").value(dataset.value()).name("snapshots").array();
        for (Snapshot snapshot : snapshots) {
            json.object().name("name").value(snapshot.label());
            json.name("guid").value(snapshot.guid().toString()).endObject();
        }
        json.endArray().endObject();
    }
}
