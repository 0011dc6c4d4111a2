// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.zfs.Secret;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to log in to other hosts with, and what to run there: all that a definition file leaves to the command line. */
final class LoginOptions {

    @Option(
            names = "--ssh-key",
            paramLabel = "FILE",
            description = "A private key to log in with; may be given several times (default: what there is of"
                    + " ~/.ssh/id_ed25519, id_ecdsa, id_rsa).")
    private List<Path> keys = List.of();

    @Option(
            names = "--ssh-passphrase-file",
            paramLabel = "FILE",
            description = "A file whose first line opens the private keys.")
    private @Nullable Path passphrase;

    @Option(
            names = "--remote-zfs",
            paramLabel = "PATH",
            defaultValue = "zfs",
            description = "The zfs program of other hosts (default: ${DEFAULT-VALUE}).")
    private String program = "zfs";

    /** The other side of a task. What it does not say is said by the options. */
    SshEndpoint endpoint(TaskTransport.Ssh ssh) {
        SshEndpoint.Builder builder = SshEndpoint.of(ssh.user(), ssh.host())
                .port(ssh.port())
                .hostKeys(ssh.hostKeys())
                .connectTimeout(ssh.connectTimeout())
                .zfsProgram(program)
                .elevation(
                        ssh.sudo() && !ssh.user().equals("root")
                                ? SshEndpoint.Elevation.SUDO
                                : SshEndpoint.Elevation.NONE);
        ssh.privateKey().ifPresentOrElse(key -> TaskKey.add(builder, key), () -> keys(builder, usualKeys()));
        return builder.build();
    }

    String program() {
        return program;
    }

    /** Offers the keys that were given. Without any, the library offers the usual ones; the ssh program knows its own. */
    void keys(SshEndpoint.Builder builder, SshEndpoint.Client client) {
        keys(builder, client == SshEndpoint.Client.LIBRARY ? usualKeys() : List.of());
    }

    private void keys(SshEndpoint.Builder builder, List<Path> otherwise) {
        Optional<Secret> opens =
                Optional.ofNullable(passphrase).map(file -> FirstLine.of("--ssh-passphrase-file", file));
        for (Path key : keys.isEmpty() ? otherwise : keys) {
            opens.ifPresentOrElse(secret -> builder.privateKey(key, secret), () -> builder.privateKey(key));
        }
    }

    private static List<Path> usualKeys() {
        Path folder = Path.of(System.getProperty("user.home", ""), ".ssh");
        return Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
                .map(folder::resolve)
                .filter(Files::exists)
                .toList();
    }
}
