// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import java.util.List;

/**
 * The OpenZFS of one host: the one door through which replication sees and changes a system.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface Zfs extends AutoCloseable {

    /**
     * What to call the host in messages. Not an identity.
     *
     * @return such as {@code localhost} or {@code admin@nas2}
     */
    String host();

    /**
     * The host's version of OpenZFS, asked for at most once.
     *
     * @return the version of the user-space programs
     * @throws ZfsException if the host can't be reached or has no working OpenZFS
     */
    ZfsVersion version();

    /**
     * Runs commands in the order given, each whatever came of those before it. A transport may carry the whole list in one
     * round trip.
     *
     * @param commands what to do
     * @return an answer for each command, in the same order; {@code Answer<R>} for a {@code ZfsCommand<R>}
     */
    List<Answer<?>> execute(List<? extends ZfsCommand<?>> commands);

    /**
     * Runs one command.
     *
     * @param command what to do
     * @param <R> what it answers
     * @return what came of it
     */
    @SuppressWarnings("unchecked") // execute answers Answer<R> for ZfsCommand<R>
    default <R> Answer<R> execute(ZfsCommand<R> command) {
        return (Answer<R>) execute(List.of(command)).get(0);
    }

    /**
     * Prepares a stream to be sent. Nothing happens before the offer is joined to a sink.
     *
     * @param stream what to send
     * @return one end of a transfer
     */
    StreamOffer<StreamSource> send(SendStream stream);

    /**
     * Prepares a stream to be received. Nothing happens before the offer is joined to a source.
     *
     * @param stream where to, and how
     * @return the other end of a transfer
     */
    StreamOffer<StreamSink> receive(ReceiveStream stream);

    /** Gives connections back. Commands under way fail. */
    @Override
    void close();
}
