// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The columns of {@code zfs list} for datasets, in the exact form of {@code -p}. */
final class DatasetColumns {

    private static final String NONE = "-";
    private static final Map<String, Function<Dataset, Object>> ALL = new HashMap<>();

    static {
        ALL.put("name", Dataset::name);
        ALL.put("type", dataset -> dataset.kind() == DatasetKind.VOLUME ? "volume" : "filesystem");
        ALL.put("guid", Dataset::guid);
        ALL.put("createtxg", Dataset::createtxg);
        ALL.put(
                "origin",
                dataset -> dataset.origin().<Object>map(origin -> origin).orElse(NONE));
        ALL.put(
                "encryptionroot",
                dataset -> dataset.encryption()
                        .<Object>map(Dataset.Encryption::root)
                        .orElse(NONE));
        ALL.put(
                "keystatus",
                dataset -> dataset.encryption()
                        .map(encryption -> encryption.keyLoaded() ? "available" : "unavailable")
                        .orElse(NONE));
        ALL.put("readonly", dataset -> dataset.readonly() ? "on" : "off");
        ALL.put("mounted", dataset -> dataset.kind() == DatasetKind.VOLUME ? NONE : dataset.mounted() ? "yes" : "no");
        ALL.put("written", Dataset::written);
        ALL.put("referenced", Dataset::referenced);
        ALL.put("used", Dataset::used);
        ALL.put("available", Dataset::available);
        ALL.put("volsize", dataset -> number(dataset.volumeSize()));
        ALL.put(
                "receive_resume_token",
                dataset -> dataset.resumeToken().map(Dataset.ResumeToken::value).orElse(NONE));
        ALL.put("snapshots_changed", dataset -> number(dataset.snapshotsChanged()));
    }

    private DatasetColumns() {}

    private static String number(OptionalLong number) {
        return number.isEmpty() ? NONE : Long.toString(number.getAsLong());
    }

    static List<String> row(Dataset dataset, List<String> columns) {
        return columns.stream().map(column -> cell(dataset, column)).toList();
    }

    private static String cell(Dataset dataset, String column) {
        @Nullable Function<Dataset, Object> found = ALL.get(column);
        if (found == null) {
            throw new NotModelled("the column " + column + " of zfs list");
        }
        return found.apply(dataset).toString();
    }
}
