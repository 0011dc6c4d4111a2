// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;

/**
 * The clone by which the snapshot of a volume is read, version 1 of {@code docs/on-pool-format.md}. It lies right below the root
 * of its pool and is there for as long as reading takes; a crash leaves it behind.
 */
public final class VerifyClone {

    /** How its name begins, and that of the folder where a filesystem's snapshot is mounted to be read. */
    public static final String PREFIX = "zl1-verify-";

    /** What is behind that, for {@code mktemp}, which puts letters and digits in place of each X. */
    public static final String TEMPLATE = PREFIX + "XXXXXXXXXX";

    private VerifyClone() {}

    /**
     * Whether a dataset is such a clone: by its name, its place, and by being a clone.
     *
     * @param dataset any dataset
     * @return true if it is one
     */
    public static boolean is(Dataset dataset) {
        DatasetName pool = dataset.name().pool();
        return dataset.origin().isPresent()
                && dataset.name().parent().filter(pool::equals).isPresent()
                && dataset.name().value().substring(pool.value().length() + 1).matches(PREFIX + "[A-Za-z0-9]{10}");
    }
}
