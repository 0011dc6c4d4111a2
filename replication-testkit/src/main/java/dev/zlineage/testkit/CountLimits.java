// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.function.BiPredicate;

/** {@code snapshot_limit} and {@code filesystem_limit}, to which OpenZFS holds users who are not root. */
final class CountLimits {

    private CountLimits() {}

    /** What is at and below a dataset; counted where a limit is set on it or above. */
    static String count(FakeDataset dataset, String limit) {
        for (FakeDataset at = dataset; at != null; at = at.parent()) {
            if (isSet(at, limit)) {
                return Long.toString(counted(dataset, limit));
            }
        }
        return NativeProperty.UNLIMITED;
    }

    private static boolean isSet(FakeDataset dataset, String limit) {
        return NativeProperty.of(limit).isOf(dataset.kind())
                && !dataset.properties().get(limit).value().equals(NativeProperty.UNLIMITED);
    }

    private static long counted(FakeDataset top, String limit) {
        long[] count = {limit.equals("filesystem_limit") ? -1 : 0}; // not the dataset itself
        top.walk(each -> count[0] += limit.equals("filesystem_limit")
                ? 1
                : each.timeline().snapshots().size());
        return count[0];
    }

    /**
     * Refuses one more.
     *
     * @param below what it is in, or the one above what is new
     * @param may whether the user may set a property on a dataset: who may change a limit is not held to it there
     */
    static void requireOneMore(FakeDataset below, String limit, BiPredicate<String, DatasetName> may) {
        for (FakeDataset at = below; at != null; at = at.parent()) {
            if (isSet(at, limit)
                    && !may.test(limit, at.name())
                    && counted(at, limit) + 1
                            > Long.parseLong(at.properties().get(limit).value())) {
                throw new Refusal(Kind.QUOTA, "cannot receive: destination " + below.name() + " space quota exceeded.");
            }
        }
    }
}
