// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the {@code ssh} program of this host is called. What the endpoint says comes first, and everything that would ask a
 * person, accept an unknown host or forward something is switched off; for the rest the user's own configuration holds: an
 * agent, a {@code HostName}, a {@code ProxyJump}, a hardware key.
 */
final class SshArguments {

    /** Stands for the host in a file of inline keys, whatever name or address it has. */
    private static final String ALIAS = "zlineage-host";

    private static final List<String> ALWAYS = List.of(
            "BatchMode=yes",
            "StrictHostKeyChecking=yes",
            "NoHostAuthenticationForLocalhost=no",
            "UpdateHostKeys=no",
            "ClearAllForwardings=yes",
            "ForwardAgent=no",
            "ForwardX11=no",
            "PermitLocalCommand=no",
            "RemoteCommand=none",
            "LogLevel=ERROR",
            "ServerAliveCountMax=3");

    private final SshEndpoint endpoint;
    private final List<String> options;

    /**
     * Arguments for an endpoint.
     *
     * @param folder where inline keys are written to, a file for each hop
     * @throws InvalidRequestException if {@code ssh} can't be given one of its paths
     * @throws IOException if the folder can't be written to
     */
    SshArguments(SshEndpoint endpoint, Path folder) throws IOException {
        this.endpoint = endpoint;
        this.options = options(endpoint, folder, 0);
    }

    /** A connection that others can share, and one command on it. */
    List<String> master(Path socket, String command) {
        return ssh(
                List.of(
                        "-o",
                        "LogLevel=INFO",
                        "-o",
                        "ControlMaster=yes",
                        "-o",
                        "ControlPersist=no",
                        "-S",
                        escaped(socket)),
                command);
    }

    /** A command through a connection that is shared; through one of its own, where that is gone or full. */
    List<String> through(Path socket, String command) {
        return ssh(List.of("-o", "ControlMaster=no", "-S", escaped(socket)), command);
    }

    private List<String> ssh(List<String> control, String command) {
        List<String> argv = new ArrayList<>(List.of("ssh"));
        argv.addAll(control);
        argv.addAll(options);
        argv.add(endpoint.host());
        argv.add(command);
        return argv;
    }

    private static List<String> options(SshEndpoint to, Path folder, int hop) throws IOException {
        List<String> set = new ArrayList<>(ALWAYS);
        set.add("ConnectTimeout=" + Math.max(1, to.connectTimeout().toSeconds()));
        set.add("ServerAliveInterval=" + Math.max(1, to.idleLimit().toSeconds() / 3));
        if (to.hostKeys() instanceof SshEndpoint.HostKeys.KnownHosts known) {
            set.add(file("UserKnownHostsFile", "hostKeys", known.file()));
        } else if (to.hostKeys() instanceof SshEndpoint.HostKeys.Inline inline) {
            Path file = folder.resolve("known_hosts." + hop);
            Files.writeString(
                    file,
                    inline.keys().stream().map(key -> ALIAS + " " + key + "\n").collect(Collectors.joining()));
            set.add(file("UserKnownHostsFile", "hostKeys", file));
            set.add("HostKeyAlias=" + ALIAS);
        }
        set.add("GlobalKnownHostsFile=/dev/null");
        for (SshEndpoint.Identity identity : to.identities()) {
            if (identity instanceof SshEndpoint.Identity.KeyFile key) {
                set.add(file("IdentityFile", "privateKey", key.privateKey()));
            }
        }
        if (!to.identities().isEmpty()) {
            set.add("IdentitiesOnly=yes");
        }
        if (to.jump().isPresent()) {
            set.add("ProxyCommand=" + jump(to.jump().get(), folder, hop + 1));
        }
        List<String> argv = new ArrayList<>(List.of("-T", "-l", to.user()));
        if (to.port() != 22) {
            // else the configuration may name one
            argv.addAll(List.of("-p", Integer.toString(to.port())));
        }
        set.forEach(option -> argv.addAll(List.of("-o", option)));
        return argv;
    }

    /** {@code ssh} gives this to the user's shell, whichever that is, after filling in host and port of the next hop. */
    private static String jump(SshEndpoint through, Path folder, int hop) throws IOException {
        List<String> argv = new ArrayList<>(List.of("ssh", "-o", "ControlPath=none"));
        argv.addAll(options(through, folder, hop));
        argv.add(through.host());
        return RemoteScript.program(argv).replace("%", "%%") + " -W '[%h]:%p'";
    }

    private static String file(String option, String field, Path path) {
        String text = path.toAbsolutePath().toString();
        if (text.contains("${") || text.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\')) {
            throw new InvalidRequestException(List.of(new Problem(
                    field,
                    "the system's ssh can't be given a path with quotes, backslashes, line feeds or '${': "
                            + text.replaceAll("\\p{Cntrl}", "?"))));
        }
        return option + "=\"" + text.replace("%", "%%") + "\"";
    }

    private static String escaped(Path socket) {
        return socket.toString().replace("%", "%%");
    }
}
