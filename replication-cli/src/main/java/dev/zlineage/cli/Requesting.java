// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.ReplicationRequest;

/** A command whose arguments are a request. */
@FunctionalInterface
interface Requesting {

    /**
     * The request.
     *
     * @return what the arguments ask for
     * @throws dev.zlineage.core.select.InvalidRequestException naming everything that is wrong with it
     */
    ReplicationRequest request();
}
