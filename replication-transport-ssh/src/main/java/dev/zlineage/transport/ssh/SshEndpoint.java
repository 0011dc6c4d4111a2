// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.select.InvalidRequestException;
import dev.zlineage.core.select.InvalidRequestException.Problem;
import dev.zlineage.core.zfs.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Another system, how to get there, and how to run {@code zfs} there: what a host on SSH is opened with. A value; private
 * keys that are given as text and passphrases are never printed.
 *
 * <pre>{@code
 * SshEndpoint nas = SshEndpoint.of("replication", "nas2")
 *         .privateKey(Path.of("/etc/zlineage/id_ed25519"))
 *         .knownHosts(Path.of("/etc/zlineage/known_hosts"))
 *         .elevation(SshEndpoint.Elevation.SUDO)
 *         .build();
 * }</pre>
 *
 * @param host a name or address
 * @param port the port of its sshd
 * @param user whom to log in as
 * @param identities the private keys to offer, in this order. None lets {@link Client#SYSTEM} use what it finds, such as an
 *     agent; {@link Client#LIBRARY} needs one
 * @param hostKeys how the host proves that it is the one
 * @param elevation what {@code zfs} is run through
 * @param zfsProgram the program, looked for on the path of the other system when it has no slash
 * @param client who speaks SSH
 * @param ciphers what to encrypt with, the first that the host knows too; only {@link Client#LIBRARY} heeds it
 * @param connectTimeout how long connecting, the handshake and logging in may take together
 * @param idleLimit for how long the host may not answer at all before the connection counts as lost; in whole seconds, at
 *     least three
 * @param jump a host to go through
 */
public record SshEndpoint(
        String host,
        int port,
        String user,
        List<Identity> identities,
        HostKeys hostKeys,
        Elevation elevation,
        String zfsProgram,
        Client client,
        List<Cipher> ciphers,
        Duration connectTimeout,
        Duration idleLimit,
        Optional<SshEndpoint> jump) {

    /** How a host proves that it is the one. There is no way to accept any host. */
    public sealed interface HostKeys {

        /**
         * By a file in the format of OpenSSH: hashed names, {@code [host]:port}, {@code @revoked} and
         * {@code @cert-authority} are understood.
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

    /** A private key. */
    public sealed interface Identity {

        /**
         * What opens it.
         *
         * @return empty for a key that is not encrypted
         */
        Optional<Secret> passphrase();

        /**
         * In a file. An OpenSSH certificate is offered with it when it lies beside it, as {@code FILE-cert.pub}.
         *
         * @param privateKey the file
         * @param passphrase what opens it
         */
        record KeyFile(Path privateKey, Optional<Secret> passphrase) implements Identity {

            @Override
            public String toString() {
                return privateKey.toString();
            }
        }

        /**
         * Given as text; only {@link Client#LIBRARY} takes one.
         *
         * @param privateKey what such a file holds, as UTF-8
         * @param passphrase what opens it
         */
        record InlineKey(Secret privateKey, Optional<Secret> passphrase) implements Identity {

            @Override
            public String toString() {
                return "that is given as text";
            }
        }
    }

    /** What {@code zfs} is run through. */
    public enum Elevation {
        /** Nothing: the user is root, or has what it needs by {@code zfs allow}. */
        NONE,
        /** {@code sudo -n}, which never asks for a password. */
        SUDO,
        /** {@code doas -n}, which never asks for a password. */
        DOAS
    }

    /** Who speaks SSH. */
    public enum Client {
        /** This JVM. Progress is counted, and streams over long distances are read with a large window. */
        LIBRARY,
        /**
         * The {@code ssh} program of this host, with its agent, its configuration and the hardware keys it knows. Streams
         * are kernel pipes, no byte of them is in the JVM.
         */
        SYSTEM
    }

    /** What to encrypt with. */
    public enum Cipher {
        /** {@code aes128-gcm@openssh.com}, the fastest where the processor knows AES. */
        AES128_GCM("aes128-gcm@openssh.com"),
        /** {@code aes256-gcm@openssh.com}. */
        AES256_GCM("aes256-gcm@openssh.com"),
        /** {@code chacha20-poly1305@openssh.com}, by far the slowest here. */
        CHACHA20_POLY1305("chacha20-poly1305@openssh.com");

        private final String algorithm;

        Cipher(String algorithm) {
            this.algorithm = algorithm;
        }

        /**
         * What the protocol calls it.
         *
         * @return the name of the algorithm
         */
        public String algorithm() {
            return algorithm;
        }
    }

    /**
     * Checks the fields.
     *
     * @throws InvalidRequestException naming everything that is wrong
     */
    public SshEndpoint {
        identities = List.copyOf(identities);
        ciphers = List.copyOf(ciphers);
        List<Problem> problems = new ArrayList<>();
        checkWord("host", host, problems);
        checkWord("user", user, problems);
        if (port < 1 || port > 65535) {
            problems.add(new Problem("port", port + " is not between 1 and 65535"));
        }
        if (client == Client.LIBRARY && identities.isEmpty()) {
            problems.add(new Problem(
                    "privateKey", "none is given; name a file, or let the system's ssh find one (client SYSTEM)"));
        }
        if (client == Client.SYSTEM
                && identities.stream().anyMatch(i -> i.passphrase().isPresent())) {
            problems.add(new Problem(
                    "passphrase", "the system's ssh can't be given one; add the key to its agent (ssh-add) instead"));
        }
        if (client == Client.SYSTEM && identities.stream().anyMatch(Identity.InlineKey.class::isInstance)) {
            problems.add(new Problem("privateKey", "the system's ssh takes it from a file only; name one"));
        }
        checkHostKeys(hostKeys, problems);
        if (zfsProgram.isBlank() || zfsProgram.startsWith("-")) {
            problems.add(new Problem("zfsProgram", "'" + printable(zfsProgram) + "' is no program"));
        }
        if (ciphers.isEmpty() || EnumSet.copyOf(ciphers).size() != ciphers.size()) {
            problems.add(new Problem("ciphers", ciphers + " is not one or more different ones"));
        }
        if (connectTimeout.isNegative() || connectTimeout.isZero()) {
            problems.add(new Problem("connectTimeout", connectTimeout + " is not longer than nothing"));
        }
        if (idleLimit.toSeconds() < 3 || idleLimit.toDays() > 1) {
            problems.add(new Problem("idleLimit", idleLimit + " is not between three seconds and a day"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidRequestException(problems);
        }
    }

    /**
     * Begins an endpoint.
     *
     * @param user whom to log in as
     * @param host a name or address
     * @return a builder with every default
     */
    public static Builder of(String user, String host) {
        return new Builder(user, host);
    }

    /**
     * {@code zfs} with what has to stand before it.
     *
     * @return such as {@code sudo -n zfs} in three words
     */
    public List<String> zfs() {
        return switch (elevation) {
            case NONE -> List.of(zfsProgram);
            case SUDO -> List.of("sudo", "-n", zfsProgram);
            case DOAS -> List.of("doas", "-n", zfsProgram);
        };
    }

    /** {@code user@host}, with the port where it is not 22. */
    @Override
    public String toString() {
        return user + "@" + host + (port == 22 ? "" : ":" + port);
    }

    private static void checkHostKeys(HostKeys hostKeys, List<Problem> problems) {
        if (hostKeys instanceof HostKeys.Inline inline) {
            if (inline.keys().isEmpty()) {
                problems.add(new Problem("hostKeys", "no key is given, so no host could be trusted"));
            }
            for (String key : inline.keys()) {
                if (!key.matches("[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( .*)?")) {
                    problems.add(new Problem(
                            "hostKeys",
                            "'" + printable(key) + "' is no public key: it needs a type and a base64 text"));
                }
            }
        }
    }

    /** Names come from outside: one that starts with a dash could be taken for an option by a program that gets it. */
    private static void checkWord(String field, String value, List<Problem> problems) {
        if (value.isBlank() || value.startsWith("-") || value.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            problems.add(new Problem(field, "'" + printable(value) + "' is no " + field));
        }
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * Builds an endpoint. Defaults: port 22, no private key, {@code ~/.ssh/known_hosts}, no elevation, the program
     * {@code zfs}, {@link Client#LIBRARY}, AES-GCM before ChaCha20, ten seconds to connect, a minute without an answer, no
     * jump host. Not thread-safe.
     */
    public static final class Builder {

        private final String user;
        private final String host;
        private int port = 22;
        private final List<Identity> identities = new ArrayList<>();
        private HostKeys hostKeys =
                new HostKeys.KnownHosts(Path.of(System.getProperty("user.home", ""), ".ssh", "known_hosts"));
        private Elevation elevation = Elevation.NONE;
        private String zfsProgram = "zfs";
        private Client client = Client.LIBRARY;
        private List<Cipher> ciphers = List.of(Cipher.values());
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration idleLimit = Duration.ofMinutes(1);
        private Optional<SshEndpoint> jump = Optional.empty();

        private Builder(String user, String host) {
            this.user = user;
            this.host = host;
        }

        /**
         * Another port than 22.
         *
         * @param number the port of its sshd
         * @return this builder
         */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /**
         * Adds a private key without a passphrase.
         *
         * @param file the private key
         * @return this builder
         */
        public Builder privateKey(Path file) {
            identities.add(new Identity.KeyFile(file, Optional.empty()));
            return this;
        }

        /**
         * Adds a private key with a passphrase.
         *
         * @param file the private key
         * @param passphrase what opens it, as UTF-8; needed for as long as the host is open
         * @return this builder
         */
        public Builder privateKey(Path file, Secret passphrase) {
            identities.add(new Identity.KeyFile(file, Optional.of(passphrase)));
            return this;
        }

        /**
         * Adds a private key without a passphrase, as text.
         *
         * @param text what a file of it holds, as UTF-8; needed for as long as the host is open
         * @return this builder
         */
        public Builder privateKey(Secret text) {
            identities.add(new Identity.InlineKey(text, Optional.empty()));
            return this;
        }

        /**
         * Trusts what a file in the format of OpenSSH says.
         *
         * @param file such as {@code ~/.ssh/known_hosts}
         * @return this builder
         */
        public Builder knownHosts(Path file) {
            hostKeys = new HostKeys.KnownHosts(file);
            return this;
        }

        /**
         * Trusts these keys and no other.
         *
         * @param keys public keys, each a type and a base64 text
         * @return this builder
         */
        public Builder hostKeys(List<String> keys) {
            hostKeys = new HostKeys.Inline(keys);
            return this;
        }

        /**
         * What {@code zfs} is run through.
         *
         * @param by nothing, sudo or doas
         * @return this builder
         */
        public Builder elevation(Elevation by) {
            elevation = by;
            return this;
        }

        /**
         * The program.
         *
         * @param program a name for the search path there, or an absolute path
         * @return this builder
         */
        public Builder zfsProgram(String program) {
            zfsProgram = program;
            return this;
        }

        /**
         * Who speaks SSH.
         *
         * @param which the library or the system's program
         * @return this builder
         */
        public Builder client(Client which) {
            client = which;
            return this;
        }

        /**
         * What to encrypt with.
         *
         * @param preference the best first; what is not listed is not used
         * @return this builder
         */
        public Builder ciphers(List<Cipher> preference) {
            ciphers = preference;
            return this;
        }

        /**
         * How long connecting may take.
         *
         * @param atMost with the handshake and logging in
         * @return this builder
         */
        public Builder connectTimeout(Duration atMost) {
            connectTimeout = atMost;
            return this;
        }

        /**
         * When a silent connection counts as lost.
         *
         * @param limit for how long the host may not answer at all
         * @return this builder
         */
        public Builder idleLimit(Duration limit) {
            idleLimit = limit;
            return this;
        }

        /**
         * Goes through another host.
         *
         * @param through how to get to that one; only what concerns the login is used
         * @return this builder
         */
        public Builder jump(SshEndpoint through) {
            jump = Optional.of(through);
            return this;
        }

        /**
         * The endpoint.
         *
         * @return what was built
         * @throws InvalidRequestException naming everything that is wrong with it
         */
        public SshEndpoint build() {
            return new SshEndpoint(
                    host,
                    port,
                    user,
                    identities,
                    hostKeys,
                    elevation,
                    zfsProgram,
                    client,
                    ciphers,
                    connectTimeout,
                    idleLimit,
                    jump);
        }
    }
}
