// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.transport.CommandOutcome.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which keys a host may prove itself with. A key that is revoked is refused whatever else is said of it, and a host that
 * nothing is said of is refused too.
 *
 * <p>Where a port is not 22, the lines of {@code [host]:port} are looked at, and only if there is none those of the host
 * alone, as OpenSSH does.
 */
final class KnownHosts {

    private final String source;
    private final List<KnownHostsLine> lines;

    private KnownHosts(String source, List<KnownHostsLine> lines) {
        this.source = source;
        this.lines = lines;
    }

    static KnownHosts of(SshEndpoint.HostKeys keys) throws SshFailure {
        if (keys instanceof SshEndpoint.HostKeys.KnownHosts known) {
            return ofFile(known.file());
        }
        List<KnownHostsLine> lines = new ArrayList<>();
        for (String key : ((SshEndpoint.HostKeys.Inline) keys).keys()) {
            KnownHostsLine.parse("* " + key, "the given keys").ifPresent(lines::add);
        }
        return new KnownHosts("the given keys", lines);
    }

    private static KnownHosts ofFile(Path file) throws SshFailure {
        List<KnownHostsLine> lines = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                KnownHostsLine.parse(line, file + ":" + number).ifPresent(lines::add);
            }
        } catch (NoSuchFileException e) {
            // no host is known yet: told with the key that the host offers
        } catch (IOException e) {
            throw new SshFailure(
                    Reason.REFUSED, "the host keys in " + file + " can't be read: " + SshFailure.text(e), e);
        }
        return new KnownHosts(file.toString(), lines);
    }

    /**
     * Judges a key that a host offers.
     *
     * @return why it is refused; empty if the host is the one
     */
    Optional<String> refuses(String host, int port, HostKey key) {
        String name = name(host, port);
        Optional<String> revoked = revoked(host, port, key);
        if (revoked.isPresent()) {
            return revoked;
        }
        List<KnownHostsLine> known = of(host, port, KnownHostsLine.Marker.NONE);
        if (known.stream().anyMatch(line -> line.key().equals(key))) {
            return Optional.empty();
        }
        String offered = "the host key of " + name + " is " + key + ", ";
        for (KnownHostsLine line : known) {
            if (line.key().type().equals(key.type())) {
                return Optional.of(offered + "but " + line.origin() + " says " + line.key()
                        + ". Either somebody is in between, or the host was set up anew: ask its administrator, and only"
                        + " then change " + line.origin());
            }
        }
        if (!known.isEmpty()) {
            KnownHostsLine line = known.get(0);
            return Optional.of(offered + "and only another kind is known: " + line.origin() + " says " + line.key()
                    + howToAdd(name, key));
        }
        return Optional.of(
                offered + "which is not known. If its administrator says that this is right" + howToAdd(name, key));
    }

    /**
     * Judges the authority behind a host's certificate; that it signed it, and for this host, has to be checked before.
     *
     * @return why it is refused; empty if the host is the one
     */
    Optional<String> refusesAuthority(String host, int port, HostKey key, HostKey authority) {
        Optional<String> revoked = revoked(host, port, key).or(() -> revoked(host, port, authority));
        if (revoked.isPresent()) {
            return revoked;
        }
        boolean trusted = of(host, port, KnownHostsLine.Marker.CERT_AUTHORITY).stream()
                .anyMatch(line -> line.key().equals(authority));
        return trusted
                ? Optional.empty()
                : Optional.of("the certificate of " + name(host, port) + " is signed by " + authority
                        + ", which no @cert-authority line of " + source + " names for it");
    }

    private Optional<String> revoked(String host, int port, HostKey key) {
        return lines.stream()
                .filter(line -> line.marker() == KnownHostsLine.Marker.REVOKED)
                .filter(line -> line.matches(name(host, port)) || line.matches(name(host, 22)))
                .filter(line -> line.key().equals(key))
                .findFirst()
                .map(line ->
                        "the key " + key + ", which " + name(host, port) + " offers, is revoked by " + line.origin());
    }

    /** The types of keys that the host is known by, so that it can be asked for one of them. */
    List<String> types(String host, int port) {
        return of(host, port, KnownHostsLine.Marker.NONE).stream()
                .map(line -> line.key().type())
                .distinct()
                .toList();
    }

    boolean hasAuthority(String host, int port) {
        return !of(host, port, KnownHostsLine.Marker.CERT_AUTHORITY).isEmpty();
    }

    private List<KnownHostsLine> of(String host, int port, KnownHostsLine.Marker marker) {
        List<KnownHostsLine> own = of(name(host, port), marker);
        return own.isEmpty() ? of(name(host, 22), marker) : own;
    }

    private List<KnownHostsLine> of(String name, KnownHostsLine.Marker marker) {
        return lines.stream()
                .filter(line -> line.marker() == marker && line.matches(name))
                .toList();
    }

    private String howToAdd(String name, HostKey key) {
        return source.equals("the given keys")
                ? ", give '" + key.type() + " " + key.base64() + "' as a host key"
                : ", add this line to " + source + ": " + name + " " + key.type() + " " + key.base64();
    }

    private static String name(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        return port == 22 ? lower : "[" + lower + "]:" + port;
    }
}
