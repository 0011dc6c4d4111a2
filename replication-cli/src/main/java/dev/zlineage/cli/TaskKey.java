// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Secret;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The private key of a task: as text, or the absolute path of a file, which no such text begins like. */
final class TaskKey {

    private TaskKey() {}

    static void add(SshEndpoint.Builder builder, Secret key) {
        byte[] bytes = key.reveal();
        if (bytes.length > 0 && bytes[0] == '/') {
            builder.privateKey(Path.of(new String(bytes, StandardCharsets.UTF_8).strip()));
        } else {
            builder.privateKey(key);
        }
        Arrays.fill(bytes, (byte) 0);
    }
}
