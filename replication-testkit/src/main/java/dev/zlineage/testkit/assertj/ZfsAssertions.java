// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit.assertj;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;

/**
 * The door to assertions about datasets, for a static import beside those of AssertJ.
 *
 * <pre>{@code
 * assertThat(vault, "backup/data").hasSameLineageAs(nas, "tank/data").isReadonly();
 * }</pre>
 */
public final class ZfsAssertions {

    private ZfsAssertions() {}

    /**
     * Begins to say what is expected of a dataset.
     *
     * @param host the host that it is on
     * @param dataset its name
     * @return assertions, each of which asks the host
     * @throws dev.zlineage.core.zfs.InvalidNameException if that is no name of a dataset
     */
    public static DatasetAssert assertThat(Zfs host, String dataset) {
        return new DatasetAssert(host, DatasetName.of(dataset));
    }
}
