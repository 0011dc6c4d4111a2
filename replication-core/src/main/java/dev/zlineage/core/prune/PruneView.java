// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.prune;

import dev.zlineage.core.observe.HostView;
import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import java.util.List;
import java.util.Map;

/**
 * What was seen of both sides.
 *
 * @param source everything at and below the source
 * @param target everything at and below the target
 * @param sourcePool all datasets of the source's pool, where something is gone: it may have been moved there
 * @param copyOf of datasets of the target whose mark counts, the GUID of their source
 * @param goneSince of those too, since when their source is gone
 * @param emptied of those too, how many bytes they referred to when a run began to destroy their last snapshots
 * @param pool all datasets of the target's pool, where something is gone; clones may be anywhere
 * @param holds of datasets without a source, a tag that holds one of their snapshots
 */
record PruneView(
        HostView source,
        HostView target,
        List<Dataset> sourcePool,
        Map<DatasetName, Guid> copyOf,
        Map<DatasetName, Long> goneSince,
        Map<DatasetName, Long> emptied,
        List<Dataset> pool,
        Map<DatasetName, String> holds) {}
