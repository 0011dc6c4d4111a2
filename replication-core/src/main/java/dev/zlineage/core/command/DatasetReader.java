// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Gathers datasets. */
final class DatasetReader implements Listing.Reader<List<Dataset>> {

    private final boolean changes;
    private final Predicate<DatasetName> expected;
    private final List<Dataset> found = new ArrayList<>();

    DatasetReader(boolean changes, Predicate<DatasetName> expected) {
        this.changes = changes;
        this.expected = expected;
    }

    @Override
    public void read(String stdout) throws UnreadableException {
        DatasetRows.read(stdout, changes, found::add);
    }

    @Override
    public List<Dataset> answer() throws UnreadableException {
        for (Dataset dataset : found) {
            if (!expected.test(dataset.name())) {
                throw new UnreadableException(
                        "a dataset was listed that was not asked for",
                        dataset.name().value());
            }
        }
        return found;
    }
}
