// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;

/**
 * The key of a target that is there.
 *
 * @param host what the target's host is called
 * @param target the root of an encryption of its own
 * @param format what the key is
 * @param key the key or passphrase, as text
 */
public record ReceivedKey(String host, DatasetName target, KeyFormat format, Secret key) {}
