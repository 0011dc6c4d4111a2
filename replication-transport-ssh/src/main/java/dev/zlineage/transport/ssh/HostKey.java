// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A public key as the protocol encodes it.
 *
 * @param type such as {@code ssh-ed25519}
 * @param base64 its bytes
 */
record HostKey(String type, String base64) {

    static HostKey of(String type, byte[] blob) {
        return new HostKey(type, Base64.getEncoder().encodeToString(blob));
    }

    /** As OpenSSH prints it: {@code SHA256:} and base64 without padding. */
    String fingerprint() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getDecoder().decode(base64));
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IllegalArgumentException e) {
            return "no fingerprint, since it is no base64";
        }
    }

    /** Type and fingerprint, for messages. */
    @Override
    public String toString() {
        return type + " " + fingerprint();
    }
}
