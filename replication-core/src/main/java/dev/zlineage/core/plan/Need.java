// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import java.util.List;

/**
 * A permission that a step needs.
 *
 * @param anyOf the names of permissions of which one is enough; the first is the one to ask for
 * @param on the dataset that it is needed on, which may be one that is yet to come
 * @param grant the dataset that there is to grant it on: the same, or one above it
 */
record Need(List<String> anyOf, DatasetName on, DatasetName grant) {

    static Need of(String permission, DatasetName on, DatasetName grant) {
        return new Need(List.of(permission), on, grant);
    }

    String permission() {
        return anyOf.get(0);
    }
}
