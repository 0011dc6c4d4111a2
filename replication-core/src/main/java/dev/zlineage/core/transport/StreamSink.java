// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

/** The end of a transfer that bytes go to. */
public sealed interface StreamSink permits ProcessSink, ByteSink {}
