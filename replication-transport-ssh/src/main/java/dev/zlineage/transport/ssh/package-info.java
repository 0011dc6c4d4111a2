// SPDX-License-Identifier: Apache-2.0
/** Runs {@code zfs} on another host over SSH. */
@NullMarked
package dev.zlineage.transport.ssh;

import org.jspecify.annotations.NullMarked;
