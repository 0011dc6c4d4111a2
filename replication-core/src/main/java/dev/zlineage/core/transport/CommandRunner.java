// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.transport;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs control commands on one host and offers its streams: what a transport implements. Safe for use by several threads.
 */
public interface CommandRunner extends AutoCloseable {

    /**
     * What to call the host in messages.
     *
     * @return such as {@code localhost}
     */
    String host();

    /**
     * Runs commands one after the other, each whatever came of those before it and in its
     * {@linkplain CommandLine#manner manner}.
     *
     * @param commands what to run
     * @return an outcome for each, in the same order
     */
    List<CommandOutcome> run(List<CommandLine> commands);

    /**
     * A stream from a program of the host.
     *
     * @param argv the program and its arguments
     * @param report understands lines of its standard error that report progress
     * @return an end that is not started yet
     */
    StreamSource source(List<String> argv, Function<String, Optional<StreamProgress>> report);

    /**
     * A stream to a program of the host.
     *
     * @param argv the program and its arguments
     * @return an end that is not started yet
     */
    StreamSink sink(List<String> argv);

    /** Gives connections back; commands under way end as {@link CommandOutcome.NotRun}. */
    @Override
    void close();
}
