// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.PoolFeature;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The features of pools that streams may need. */
final class Features {

    private static final String ENCRYPTION = "encryption";
    private static final String LARGE_BLOCKS = "large_blocks";
    private static final String EMBEDDED = "embedded_data";

    private static final List<String> MODELLED = List.of(EMBEDDED, ENCRYPTION, LARGE_BLOCKS);

    /** Features that nothing here uses. */
    private static final List<String> OTHERS =
            List.of("large_dnode", "large_microzap", "longname", "lz4_compress", "zstd_compress");

    private Features() {}

    static void disable(FakePool pool, String feature) {
        if (!MODELLED.contains(feature)) {
            throw new UnsupportedOperationException("FakeZfs does not model the feature " + feature);
        }
        pool.disabled().add(feature);
    }

    static Map<String, PoolFeature> of(FakeDataset root) {
        Map<String, PoolFeature> found = new TreeMap<>();
        OTHERS.forEach(feature -> found.put(feature, PoolFeature.ENABLED));
        MODELLED.forEach(feature -> found.put(
                feature, root.pool().disabled().contains(feature) ? PoolFeature.DISABLED : PoolFeature.ENABLED));
        root.walk(each -> {
            if (each.crypt() != null) {
                found.put(ENCRYPTION, PoolFeature.ACTIVE);
            }
            if (each.hasLargeBlocks() || SendPlanner.mayHoldLargeBlocks(each)) {
                found.put(LARGE_BLOCKS, PoolFeature.ACTIVE);
            }
        });
        return found;
    }

    /** Refuses a stream that the pool has not the features for. */
    static void require(FakePool pool, Begin begin) {
        require(pool, ENCRYPTION, begin.key() != null);
        require(pool, LARGE_BLOCKS, begin.form().large());
        require(pool, EMBEDDED, begin.form().embedded());
    }

    private static void require(FakePool pool, String feature, boolean needed) {
        if (needed && pool.disabled().contains(feature)) {
            throw new Refusal(Kind.UNSUPPORTED, "cannot receive: pool must be upgraded to receive this stream.");
        }
    }
}
