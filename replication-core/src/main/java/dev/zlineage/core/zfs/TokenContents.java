// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.Optional;

/**
 * What a resume token says, as {@code zfs send -n -v -t} prints it. That works on any host: the snapshot need not be there.
 *
 * @param toName the full name that the snapshot had when it was sent. A label: it is the GUID that {@code zfs send -t} looks
 *     for, in the dataset of that name first and then in the whole pool (seen on OpenZFS 2.3.2)
 * @param to the snapshot that was being received. A token covers one, however many the cut stream was to bring
 * @param from the base; empty for a full stream
 * @param bytes how much of the stream the target keeps
 * @param raw whether the stream is raw ({@code -w}); it can only be carried on in the same way
 */
public record TokenContents(String toName, Guid to, Optional<Guid> from, long bytes, boolean raw) {}
