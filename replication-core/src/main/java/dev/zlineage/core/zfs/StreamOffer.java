// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import dev.zlineage.core.transport.StreamExit;
import java.util.Optional;
import java.util.function.Function;

/**
 * One end of a transfer that a host has prepared, with the knowledge of how to read its end.
 *
 * @param end what to join
 * @param verdict tells from the end's exit why it failed; empty when it did not
 * @param <E> source or sink
 */
public record StreamOffer<E>(E end, Function<StreamExit, Optional<ZfsFailure>> verdict) {}
