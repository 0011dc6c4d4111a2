// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.scheduler.task.TaskTransport;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which of the two datasets is on another host, and how to get there. Hosts have options of their own, because a dataset's
 * name may hold a colon.
 */
final class RemoteOptions {

    @Option(
            names = "--source-host",
            paramLabel = "[USER@]HOST[:PORT]",
            description = "The source is on that host, reached by SSH; otherwise it is on this one.")
    private @Nullable String source;

    @Option(
            names = "--target-host",
            paramLabel = "[USER@]HOST[:PORT]",
            description = "The target is on that host, reached by SSH; otherwise it is on this one.")
    private @Nullable String target;

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
            names = "--known-hosts",
            paramLabel = "FILE",
            description = "The keys of known hosts, in the format of OpenSSH (default: ~/.ssh/known_hosts)."
                    + " A host that is not in it is refused.")
    private @Nullable Path knownHosts;

    @Option(
            names = "--ssh-jump",
            paramLabel = "[USER@]HOST[:PORT]",
            description = "Go through that host, with the same keys.")
    private @Nullable String jump;

    @Option(
            names = "--ssh-client",
            paramLabel = "WHICH",
            defaultValue = "library",
            description = "Who speaks SSH: library, or system for the ssh program of this host, with its agent and"
                    + " configuration (default: ${DEFAULT-VALUE}).")
    private String client = "library";

    @Option(
            names = "--remote-zfs",
            paramLabel = "PATH",
            defaultValue = "zfs",
            description = "The zfs program of other hosts (default: ${DEFAULT-VALUE}).")
    private String program = "zfs";

    @Option(
            names = "--remote-sudo",
            description = "Run zfs on other hosts by 'sudo -n', which never asks for a password.")
    private boolean sudo;

    @Option(
            names = "--remote-doas",
            description = "Run zfs on other hosts by 'doas -n', which never asks for a password.")
    private boolean doas;

    /** The hosts of a command; one host twice where both datasets are on it. */
    record Sides(Zfs source, Zfs target) implements AutoCloseable {

        @Override
        public void close() {
            source.close();
            if (target != source) {
                target.close();
            }
        }
    }

    /** Whether the names alone tell if source and target overlap. */
    boolean oneHost() {
        return source == null ? target == null : source.equals(target);
    }

    /** Opens both hosts; nothing is connected yet. */
    Sides open(Hosts hosts, HostOptions here) {
        List<Problem> problems = new ArrayList<>();
        Optional<SshEndpoint> from = endpoint("--source-host", source, problems);
        Optional<SshEndpoint> to = endpoint("--target-host", target, problems);
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
        Zfs sender = from.isPresent() ? hosts.open(from.get()) : hosts.open(here.zfs());
        Zfs receiver = oneHost() ? sender : to.isPresent() ? hosts.open(to.get()) : hosts.open(here.zfs());
        return new Sides(sender, receiver);
    }

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

    private Optional<SshEndpoint> endpoint(String option, @Nullable String address, List<Problem> problems) {
        if (address == null) {
            return Optional.empty();
        }
        try {
            SshEndpoint.Builder builder = login(option, address)
                    .zfsProgram(program)
                    .elevation(
                            sudo
                                    ? SshEndpoint.Elevation.SUDO
                                    : doas ? SshEndpoint.Elevation.DOAS : SshEndpoint.Elevation.NONE);
            if (sudo && doas) {
                throw refused("--remote-doas", "either sudo or doas, not both");
            }
            if (jump != null) {
                builder.jump(login("--ssh-jump", jump).build());
            }
            return Optional.of(builder.build());
        } catch (InvalidRequestException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    /** How to log in somewhere, and no more. */
    private SshEndpoint.Builder login(String option, String address) {
        Address parts = Address.parse(option, address);
        SshEndpoint.Builder builder = SshEndpoint.of(parts.user(), parts.host()).port(parts.port());
        SshEndpoint.Client who = client();
        builder.client(who);
        if (knownHosts != null) {
            builder.knownHosts(knownHosts);
        }
        keys(builder, who == SshEndpoint.Client.LIBRARY ? usualKeys() : List.of());
        return builder;
    }

    private void keys(SshEndpoint.Builder builder, List<Path> otherwise) {
        Optional<Secret> opens =
                Optional.ofNullable(passphrase).map(file -> FirstLine.of("--ssh-passphrase-file", file));
        for (Path key : keys.isEmpty() ? otherwise : keys) {
            opens.ifPresentOrElse(secret -> builder.privateKey(key, secret), () -> builder.privateKey(key));
        }
    }

    private SshEndpoint.Client client() {
        return switch (client.toLowerCase(Locale.ROOT)) {
            case "library" -> SshEndpoint.Client.LIBRARY;
            case "system" -> SshEndpoint.Client.SYSTEM;
            default -> throw refused("--ssh-client", "'" + client + "' is neither library nor system");
        };
    }

    private static List<Path> usualKeys() {
        Path folder = Path.of(System.getProperty("user.home", ""), ".ssh");
        return Stream.of("id_ed25519", "id_ecdsa", "id_rsa")
                .map(folder::resolve)
                .filter(Files::exists)
                .toList();
    }

    private static InvalidRequestException refused(String field, String why) {
        return new InvalidRequestException(List.of(new Problem(field, why)));
    }

    /** Where to, as people write it. An address of IPv6 stands in brackets. */
    private record Address(String user, String host, int port) {

        static Address parse(String option, String text) {
            int at = text.lastIndexOf('@');
            String user = at < 0 ? System.getProperty("user.name", "") : text.substring(0, at);
            String rest = text.substring(at + 1);
            int colon = rest.lastIndexOf(':');
            boolean port = colon > rest.lastIndexOf(']') && (rest.startsWith("[") || rest.indexOf(':') == colon);
            String host = port ? rest.substring(0, colon) : rest;
            if (host.startsWith("[") && host.endsWith("]")) {
                host = host.substring(1, host.length() - 1);
            }
            try {
                return new Address(user, host, port ? Integer.parseInt(rest.substring(colon + 1)) : 22);
            } catch (NumberFormatException e) {
                throw refused(option, "'" + text + "' is not [USER@]HOST[:PORT], such as backup@nas2:2222");
            }
        }
    }
}
