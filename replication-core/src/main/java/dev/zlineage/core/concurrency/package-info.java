// SPDX-License-Identifier: Apache-2.0
/** The one source of time, threads and waiting. For tests that want to own them, and for those who write a transport. */
@NullMarked
package dev.zlineage.core.concurrency;

import org.jspecify.annotations.NullMarked;
