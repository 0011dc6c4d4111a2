// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.DatasetName;
import java.util.Map;
import java.util.Optional;

/**
 * A filesystem to create on the target so that others can be received below it. It is never mounted.
 *
 * @param name its name
 * @param properties what it is created with
 * @param key writes the key that it is encrypted by, where it is the root of an encryption of its own
 * @param why why it is needed
 */
public record NewParent(
        DatasetName name, Map<String, String> properties, Optional<TargetStep.StoreKey> key, String why) {}
