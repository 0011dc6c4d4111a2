// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.zfs.Secret;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyProviderUtil;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;
import org.jspecify.annotations.Nullable;

/** Reads private keys, before there is a connection: a wrong passphrase is told without the other host. */
final class PrivateKeys {

    private PrivateKeys() {}

    static List<KeyProvider> read(SshEndpoint endpoint, Config config) throws SshFailure {
        List<KeyProvider> keys = new ArrayList<>();
        for (SshEndpoint.Identity identity : endpoint.identities()) {
            keys.add(read(identity, config));
        }
        return keys;
    }

    private static KeyProvider read(SshEndpoint.Identity identity, Config config) throws SshFailure {
        Path path = identity.privateKey();
        if (!Files.isReadable(path)) {
            throw refused(path, Files.exists(path) ? "can't be read by this user" : "does not exist", null);
        }
        try {
            File file = path.toFile();
            FileKeyProvider provider = Factory.Named.Util.create(
                    config.getFileKeyProviderFactories(),
                    KeyProviderUtil.detectKeyFileFormat(file).toString());
            if (provider == null) {
                throw refused(path, "is in no known format: OpenSSH, PKCS#8 or PuTTY", null);
            }
            Passphrase passphrase = new Passphrase(identity.passphrase().orElse(null));
            provider.init(file, passphrase);
            try {
                provider.getPrivate();
                return provider;
            } catch (IOException | RuntimeException e) {
                if (!passphrase.asked && !(e instanceof KeyDecryptionFailedException)) {
                    throw e;
                }
                throw refused(
                        path,
                        identity.passphrase().isPresent()
                                ? "can't be opened with the passphrase that is given"
                                : "needs a passphrase, and none is given",
                        null);
            }
        } catch (SshFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refused(path, "can't be used: " + SshFailure.text(e), e);
        }
    }

    private static SshFailure refused(Path file, String why, @Nullable Throwable cause) {
        return new SshFailure(Reason.REFUSED, "the private key " + file + " " + why, cause);
    }

    /** Hands out a copy at each call: whoever asked wipes it. */
    private static final class Passphrase implements PasswordFinder {

        private final @Nullable Secret secret;
        private boolean asked;

        Passphrase(@Nullable Secret secret) {
            this.secret = secret;
        }

        @Override
        public char[] reqPassword(@Nullable Resource<?> resource) {
            asked = true;
            if (secret == null) {
                return new char[0];
            }
            byte[] bytes = secret.reveal();
            CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
            char[] password = new char[chars.remaining()];
            chars.get(password);
            Arrays.fill(bytes, (byte) 0);
            Arrays.fill(chars.array(), '\0');
            return password;
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }
    }
}
