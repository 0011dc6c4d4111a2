// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.InputStream;
import java.io.OutputStream;

/** What a command on a {@link TestSshd} does. */
interface Program {

    /** The exit code that is never sent. */
    int NONE = -1;

    /**
     * Runs on a thread of its own.
     *
     * @return the exit code
     */
    int run(InputStream in, OutputStream out, OutputStream err) throws Exception;
}
