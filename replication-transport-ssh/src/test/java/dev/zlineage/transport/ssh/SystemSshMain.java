// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program that connects, says so, and waits to be killed. */
final class SystemSshMain {

    private SystemSshMain() {}

    /** With the port, the private key and the host key. */
    public static void main(String[] args) throws Exception {
        SystemSshCommandRunner runner = new SystemSshCommandRunner(
                SshEndpoint.of(System.getProperty("user.name"), "127.0.0.1")
                        .port(Integer.parseInt(args[0]))
                        .privateKey(Path.of(args[1]))
                        .hostKeys(List.of(args[2]))
                        .client(SshEndpoint.Client.SYSTEM)
                        .build(),
                SshOptions.DEFAULT);
        runner.run(List.of(CommandFrameTest.sh("true")));
        runner.source(List.of("true"), line -> Optional.empty());
        System.out.println("connected");
        Thread.currentThread().join();
    }
}
