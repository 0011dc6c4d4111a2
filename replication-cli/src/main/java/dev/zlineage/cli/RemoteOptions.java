// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private LoginOptions login = new LoginOptions();

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

    LoginOptions login() {
        return login;
    }

    private Optional<SshEndpoint> endpoint(String option, @Nullable String address, List<Problem> problems) {
        if (address == null) {
            return Optional.empty();
        }
        try {
            SshEndpoint.Builder builder = login(option, address)
                    .zfsProgram(login.program())
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
        login.keys(builder, who);
        return builder;
    }

    private SshEndpoint.Client client() {
        return switch (client.toLowerCase(Locale.ROOT)) {
            case "library" -> SshEndpoint.Client.LIBRARY;
            case "system" -> SshEndpoint.Client.SYSTEM;
            default -> throw refused("--ssh-client", "'" + client + "' is neither library nor system");
        };
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
