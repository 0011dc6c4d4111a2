// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.local;

import dev.zlineage.core.concurrency.Concurrency;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How this host's {@code zfs} is run.
 *
 * @param zfsProgram the program with what has to stand before it, such as {@code sudo -n zfs} in three words, or an absolute
 *     path. No shell sees it
 * @param commandTimeout how long a command may take before it is ended; streams are not concerned
 * @param concurrency where threads and time come from
 * @param environment variables to set over those of this process. {@code LC_ALL} is always {@code C}: the texts of
 *     {@code zfs} have to be in English
 */
public record LocalOptions(
        List<String> zfsProgram, Duration commandTimeout, Concurrency concurrency, Map<String, String> environment) {

    /** The {@code zfs} of the search path, one hour for a command, real threads. */
    public static final LocalOptions DEFAULT =
            new LocalOptions(List.of("zfs"), Duration.ofHours(1), Concurrency.system(), Map.of());

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if there is no program, or no time
     */
    public LocalOptions {
        zfsProgram = List.copyOf(zfsProgram);
        environment = Map.copyOf(environment);
        if (zfsProgram.isEmpty() || zfsProgram.get(0).isBlank()) {
            throw new IllegalArgumentException("no program is given");
        }
        if (commandTimeout.isZero() || commandTimeout.isNegative()) {
            throw new IllegalArgumentException("a timeout of " + commandTimeout + " leaves no time");
        }
    }

    /**
     * The same with another program.
     *
     * @param program the program and what belongs before the arguments of {@code zfs}
     * @return a changed copy
     */
    public LocalOptions withZfsProgram(String... program) {
        return new LocalOptions(List.of(program), commandTimeout, concurrency, environment);
    }

    /**
     * The same with another timeout.
     *
     * @param timeout how long a command may take
     * @return a changed copy
     */
    public LocalOptions withCommandTimeout(Duration timeout) {
        return new LocalOptions(zfsProgram, timeout, concurrency, environment);
    }

    /**
     * The same with other threads and another clock.
     *
     * @param other where to take them from
     * @return a changed copy
     */
    public LocalOptions withConcurrency(Concurrency other) {
        return new LocalOptions(zfsProgram, commandTimeout, other, environment);
    }

    /**
     * The same with other variables.
     *
     * @param variables to set over those of this process
     * @return a changed copy
     */
    public LocalOptions withEnvironment(Map<String, String> variables) {
        return new LocalOptions(zfsProgram, commandTimeout, concurrency, variables);
    }
}
