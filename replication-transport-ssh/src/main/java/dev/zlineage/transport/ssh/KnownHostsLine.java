// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A line of a {@code known_hosts} file.
 *
 * @param marker what kind of line it is
 * @param hosts patterns, or one hashed name
 * @param key the key
 * @param origin where the line stands
 */
record KnownHostsLine(Marker marker, String hosts, HostKey key, String origin) {

    enum Marker {
        NONE,
        REVOKED,
        CERT_AUTHORITY
    }

    /** A line that is none, such as a comment or one that can't be understood, is left out, as OpenSSH does. */
    static Optional<KnownHostsLine> parse(String line, String origin) {
        List<String> words = List.of(line.strip().split("\\s+"));
        Marker marker = Marker.NONE;
        if (words.get(0).startsWith("@")) {
            switch (words.get(0)) {
                case "@revoked" -> marker = Marker.REVOKED;
                case "@cert-authority" -> marker = Marker.CERT_AUTHORITY;
                default -> {
                    return Optional.empty();
                }
            }
            words = words.subList(1, words.size());
        }
        if (words.size() < 3 || words.get(0).startsWith("#")) {
            return Optional.empty();
        }
        return Optional.of(new KnownHostsLine(marker, words.get(0), new HostKey(words.get(1), words.get(2)), origin));
    }

    /** Whether it speaks of a host, by its name in lower case, with the port where that is not 22. */
    boolean matches(String name) {
        if (hosts.startsWith("|")) {
            return matchesHash(name);
        }
        boolean matches = false;
        for (String pattern : hosts.split(",", -1)) {
            boolean negated = pattern.startsWith("!");
            if (matchesPattern(negated ? pattern.substring(1) : pattern, name)) {
                if (negated) {
                    return false;
                }
                matches = true;
            }
        }
        return matches;
    }

    private static boolean matchesPattern(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE)
                .matcher(name)
                .matches();
    }

    /** {@code |1|salt|hash}: a name that only who knows it can find. */
    private boolean matchesHash(String name) {
        String[] parts = hosts.split("\\|", -1);
        if (parts.length != 4 || !parts[1].equals("1")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[2]), "HmacSHA1"));
            return MessageDigest.isEqual(
                    mac.doFinal(name.getBytes(StandardCharsets.UTF_8)),
                    Base64.getDecoder().decode(parts[3]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
