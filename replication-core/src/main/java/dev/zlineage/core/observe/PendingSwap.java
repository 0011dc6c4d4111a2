// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.zfs.DatasetName;

/**
 * A dataset that was about to take another's place when a run ended. The swap was decided, and is finished before anything
 * else is done.
 *
 * @param target the place
 * @param incoming the dataset that is to take it
 */
public record PendingSwap(DatasetName target, DatasetName incoming) {}
