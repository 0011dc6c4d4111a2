// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;
import java.util.Map;

/**
 * A program of this host that reads the stream on its standard input.
 *
 * @param argv the program and its arguments; no shell sees them
 * @param environment variables to set over the inherited ones
 */
public record ProcessSink(List<String> argv, Map<String, String> environment) implements StreamSink {}
