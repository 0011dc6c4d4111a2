// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A program of this host whose standard output is the stream. Joined to a {@link ProcessSink}, the two share a kernel
 * pipe and no byte passes through this JVM.
 *
 * @param argv the program and its arguments; no shell sees them
 * @param environment variables to set over the inherited ones
 * @param report understands a line of its standard error that reports progress; lines that it does not understand are
 *     kept for {@link StreamExit#output()}
 */
public record ProcessSource(
        List<String> argv, Map<String, String> environment, Function<String, Optional<StreamProgress>> report)
        implements StreamSource {}
