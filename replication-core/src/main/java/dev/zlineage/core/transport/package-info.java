// SPDX-License-Identifier: Apache-2.0
/**
 * What a transport implements and how streams are joined. For those who write a transport, not for those who use one.
 */
@NullMarked
package dev.zlineage.core.transport;

import org.jspecify.annotations.NullMarked;
