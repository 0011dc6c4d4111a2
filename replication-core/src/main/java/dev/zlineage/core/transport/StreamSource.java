// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/** The end of a transfer that bytes come from. */
public sealed interface StreamSource permits ProcessSource, ByteSource {}
