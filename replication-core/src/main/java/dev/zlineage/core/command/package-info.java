// SPDX-License-Identifier: Apache-2.0
/** The one adapter to the {@code zfs} command line, shared by every transport. For those who write a transport. */
@NullMarked
package dev.zlineage.core.command;

import org.jspecify.annotations.NullMarked;
