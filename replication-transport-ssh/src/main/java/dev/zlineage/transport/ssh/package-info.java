// SPDX-License-Identifier: Apache-2.0
/**
 * Runs {@code zfs} on another host over SSH. So far this module holds its public contract alone, the value that such a host
 * is described by.
 */
@NullMarked
package dev.zlineage.transport.ssh;

import org.jspecify.annotations.NullMarked;
