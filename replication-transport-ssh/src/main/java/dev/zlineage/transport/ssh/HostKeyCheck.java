// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import com.hierynomus.sshj.userauth.certificate.Certificate;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHRuntimeException;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Asks {@link KnownHosts} on behalf of sshj, for one connection. sshj's own does not heed {@code @revoked}, and of a
 * certificate it does not look at the kind: one made for a user would do for a host.
 */
final class HostKeyCheck implements HostKeyVerifier {

    private static final long FOR_A_HOST = 2;

    private final KnownHosts known;
    private volatile @Nullable String refusal;

    HostKeyCheck(KnownHosts known) {
        this.known = known;
    }

    /** Why the last key was refused. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public boolean verify(String host, int port, PublicKey key) {
        Optional<String> why;
        try {
            why = key instanceof Certificate<?> certificate
                    ? refuses(host, port, certificate)
                    : known.refuses(host, port, hostKey(key));
        } catch (Buffer.BufferException | SSHRuntimeException e) {
            why = Optional.of("the certificate of " + host + " can't be read: " + SshFailure.text(e));
        }
        refusal = why.orElse(null);
        return why.isEmpty();
    }

    private Optional<String> refuses(String host, int port, Certificate<?> certificate) throws Buffer.BufferException {
        byte[] whole = blob(certificate);
        String wrong = KeyType.CertUtils.verifyHostCertificate(whole, certificate, host);
        if (wrong == null && certificate.getType() != FOR_A_HOST) {
            wrong = "it was made for a user";
        }
        if (wrong == null && !certificate.getCritOptions().isEmpty()) {
            wrong = "it has conditions that are not understood: "
                    + certificate.getCritOptions().keySet();
        }
        if (wrong != null) {
            return Optional.of("the certificate of " + host + " is not good: " + wrong);
        }
        byte[] signer = certificate.getSignatureKey();
        HostKey authority = HostKey.of(new Buffer.PlainBuffer(signer).readString(), signer);
        return known.refusesAuthority(host, port, hostKey(certificate.getKey()), authority);
    }

    private static HostKey hostKey(PublicKey key) {
        return HostKey.of(KeyType.fromKey(key).toString(), blob(key));
    }

    private static byte[] blob(PublicKey key) {
        return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    }

    /** The kinds that the host is known by come first, so that one that has several offers a known one. */
    @Override
    public List<String> findExistingAlgorithms(String host, int port) {
        List<String> algorithms = new ArrayList<>();
        if (known.hasAuthority(host, port)) {
            for (KeyType type : KeyType.values()) {
                if (type.getParent() != null) {
                    algorithms.add(type.toString());
                }
            }
        }
        for (String type : known.types(host, port)) {
            if (type.equals("ssh-rsa")) {
                algorithms.add("rsa-sha2-512");
                algorithms.add("rsa-sha2-256");
            } else {
                algorithms.add(type);
            }
        }
        return algorithms;
    }
}
