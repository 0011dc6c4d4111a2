// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.ReplicationRequest;

/** A command whose arguments are a request. */
interface Requesting {

    /**
     * The request.
     *
     * @return what the arguments ask for
     * @throws dev.zlineage.core.select.InvalidRequestException naming everything that is wrong with it
     */
    ReplicationRequest request();

    /**
     * Whether a definition file takes the place of the request.
     *
     * @return true if one was named
     */
    default boolean byFile() {
        return false;
    }
}
