// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

/**
 * Keeps the keys of targets that were given one of their own and no file for it, such as a middleware does in its database.
 *
 * <p>It is told of a key once the target is there and was shown to be opened by it, be it in a later run than the one that
 * began it, and again until it was told with success and the target's host knows that: to be told again must be harmless.
 * Called on the thread that runs the plan.
 */
@FunctionalInterface
public interface KeySink {

    /**
     * Keeps a key. When this returns, the key must not be lost any more: nobody else has it but whoever made the request.
     *
     * @param received which key; its secret may be wiped after the call, so what is kept is copied
     * @throws KeyNotKeptException if it can't be kept now. The target's run fails, and the next one tells it again
     * @throws InterruptedException if the thread was interrupted; the key counts as not kept
     */
    void keep(ReceivedKey received) throws KeyNotKeptException, InterruptedException;
}
