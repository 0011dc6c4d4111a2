// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import com.hierynomus.sshj.common.KeyDecryptionFailedException;
import dev.zlineage.core.transport.CommandOutcome.Reason;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.transport.ssh.SshEndpoint.Identity.InlineKey;
import dev.zlineage.transport.ssh.SshEndpoint.Identity.KeyFile;
import java.io.CharArrayReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.userauth.keyprovider.FileKeyProvider;
import net.schmizz.sshj.userauth.keyprovider.KeyFormat;
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
        if (identity instanceof KeyFile file && !Files.isReadable(file.privateKey())) {
            throw refused(
                    identity, Files.exists(file.privateKey()) ? "can't be read by this user" : "does not exist", null);
        }
        try {
            FileKeyProvider provider = Factory.Named.Util.create(
                    config.getFileKeyProviderFactories(), format(identity).toString());
            if (provider == null) {
                throw refused(identity, "is in no known format: OpenSSH, PKCS#8 or PuTTY", null);
            }
            Passphrase passphrase = new Passphrase(identity.passphrase().orElse(null));
            if (identity instanceof KeyFile file) {
                provider.init(file.privateKey().toFile(), passphrase);
            } else if (identity instanceof InlineKey inline) {
                provider.init(reader(inline), passphrase);
            }
            try {
                provider.getPrivate();
                return provider;
            } catch (IOException | RuntimeException e) {
                if (!passphrase.asked && !(e instanceof KeyDecryptionFailedException)) {
                    throw e;
                }
                throw refused(
                        identity,
                        identity.passphrase().isPresent()
                                ? "can't be opened with the passphrase that is given"
                                : "needs a passphrase, and none is given",
                        null);
            }
        } catch (SshFailure e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw refused(identity, "can't be used: " + SshFailure.text(e), e);
        }
    }

    private static KeyFormat format(SshEndpoint.Identity identity) throws IOException {
        return identity instanceof InlineKey inline
                ? KeyProviderUtil.detectKeyFileFormat(reader(inline), false)
                : KeyProviderUtil.detectKeyFileFormat(
                        ((KeyFile) identity).privateKey().toFile());
    }

    /** A new one each time, since it is read to its end. */
    private static Reader reader(InlineKey inline) {
        return new CharArrayReader(chars(inline.privateKey()));
    }

    private static char[] chars(Secret secret) {
        byte[] bytes = secret.reveal();
        CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
        char[] chars = new char[decoded.remaining()];
        decoded.get(chars);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(decoded.array(), '\0');
        return chars;
    }

    private static SshFailure refused(SshEndpoint.Identity identity, String why, @Nullable Throwable cause) {
        return new SshFailure(Reason.REFUSED, "the private key " + identity + " " + why, cause);
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
            return secret == null ? new char[0] : chars(secret);
        }

        @Override
        public boolean shouldRetry(@Nullable Resource<?> resource) {
            return false;
        }
    }
}
