// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another system, and how to get there: what a transport over SSH is opened with. A value without secrets; the private key
 * is named, not held.
 *
 * @param host a name or address
 * @param port the port of its sshd
 * @param user whom to log in as
 * @param privateKey the file of the private key
 * @param hostKeys how the host proves that it is the one
 * @param sudo whether {@code zfs} is run through {@code sudo -n}
 * @param connectTimeout how long connecting and the handshake may take together
 * @param jump a host to go through
 */
public record SshEndpoint(
        String host,
        int port,
        String user,
        Path privateKey,
        HostKeys hostKeys,
        boolean sudo,
        Duration connectTimeout,
        Optional<SshEndpoint> jump) {

    /** How a host proves that it is the one. There is no way to accept any host. */
    public sealed interface HostKeys {

        /**
         * By a file in the format of OpenSSH.
         *
         * @param file such as {@code ~/.ssh/known_hosts}
         */
        record KnownHosts(Path file) implements HostKeys {}

        /**
         * By keys given inline.
         *
         * @param keys public keys, each a type and a base64 text: {@code ssh-ed25519 AAAA...}
         */
        record Inline(List<String> keys) implements HostKeys {

            /** Copies the list. */
            public Inline {
                keys = List.copyOf(keys);
            }
        }
    }

    /**
     * Checks the fields.
     *
     * @throws InvalidRequestException naming everything that is wrong
     */
    public SshEndpoint {
        List<Problem> problems = new ArrayList<>();
        checkWord("host", host, problems);
        checkWord("user", user, problems);
        if (port < 1 || port > 65535) {
            problems.add(new Problem("port", port + " is not between 1 and 65535"));
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            problems.add(new Problem("connectTimeout", connectTimeout + " is not longer than nothing"));
        }
        if (hostKeys instanceof HostKeys.Inline inline) {
            if (inline.keys().isEmpty()) {
                problems.add(new Problem("hostKeys", "no key is given, so no host could be trusted"));
            }
            for (String key : inline.keys()) {
                if (!key.matches("[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?")) {
                    problems.add(new Problem(
                            "hostKeys", "'" + key + "' is no public key: it needs a type and a base64 text"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }

    /**
     * An endpoint with every default: port 22, no sudo, ten seconds to connect, no jump host.
     *
     * @param user whom to log in as
     * @param host a name or address
     * @param privateKey the file of the private key
     * @param hostKeys how the host proves that it is the one
     * @return the endpoint
     * @throws InvalidRequestException naming everything that is wrong
     */
    public static SshEndpoint of(String user, String host, Path privateKey, HostKeys hostKeys) {
        return new SshEndpoint(host, 22, user, privateKey, hostKeys, false, Duration.ofSeconds(10), Optional.empty());
    }

    /** {@code user@host}, with the port where it is not 22. */
    @Override
    public String toString() {
        return user + "@" + host + (port == 22 ? "" : ":" + port);
    }

    /** Names come from outside: one that starts with a dash could be taken for an option by a program that gets it. */
    private static void checkWord(String field, String value, List<Problem> problems) {
        if (value.isBlank() || value.startsWith("-") || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problems.add(new Problem(field, "'" + value.replaceAll("\\p{Cntrl}", "?") + "' is no " + field));
        }
    }
}
