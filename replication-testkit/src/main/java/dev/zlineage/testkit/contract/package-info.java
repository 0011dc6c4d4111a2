// SPDX-License-Identifier: Apache-2.0
/**
 * What ZFS does, as tests: for whoever implements the port {@link dev.zlineage.core.zfs.Zfs}. Most users need
 * {@link dev.zlineage.testkit.contract.ZfsContractTest} and {@link dev.zlineage.testkit.contract.ZfsWorld}; the other
 * classes are its chapters.
 */
@NullMarked
package dev.zlineage.testkit.contract;

import org.jspecify.annotations.NullMarked;
