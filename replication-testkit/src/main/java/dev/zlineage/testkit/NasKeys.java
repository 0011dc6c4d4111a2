// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;

/** The keys of a {@link FakeNas}: that of the host, and that of the one user. New ones each time, good for nothing else. */
final class NasKeys {

    private final KeyPair host;
    private final KeyPair user;
    private final Path privateKey;

    NasKeys(Path folder) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            host = generator.generateKeyPair();
            user = generator.generateKeyPair();
            privateKey = Files.createFile(
                    folder.resolve("id"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(privateKey)) {
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                        user, "fake-nas", (OpenSSHKeyEncryptionContext) null, out);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM makes no keys for SSH", e);
        }
    }

    KeyPair host() {
        return host;
    }

    KeyPair user() {
        return user;
    }

    Path privateKey() {
        return privateKey;
    }

    String hostKey() {
        return PublicKeyEntry.toString(host.getPublic());
    }

    Path knownHosts(Path folder, int port) throws IOException {
        return Files.writeString(folder.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + hostKey() + "\n");
    }
}
