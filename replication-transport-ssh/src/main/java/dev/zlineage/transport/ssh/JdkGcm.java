// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import com.hierynomus.sshj.transport.cipher.GcmCipher;
import dev.zlineage.transport.ssh.SshEndpoint.Cipher;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SSHRuntimeException;

/**
 * AES-GCM by the JDK, which uses the processor's instructions for it. sshj takes it from BouncyCastle where that is
 * registered, and BouncyCastle has to be, for ECDSA keys; there it costs ten times the processor time.
 */
final class JdkGcm extends GcmCipher {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int IV = 12;
    private static final int TAG = 16;

    private JdkGcm(int keyBytes) {
        super(IV, TAG, keyBytes, "AES", TRANSFORMATION);
    }

    static Factory.Named<net.schmizz.sshj.transport.cipher.Cipher> factory(Cipher named, int keyBytes) {
        return new Factory.Named<>() {
            @Override
            public String getName() {
                return named.algorithm();
            }

            @Override
            public net.schmizz.sshj.transport.cipher.Cipher create() {
                return new JdkGcm(keyBytes);
            }
        };
    }

    @Override
    public void init(Mode mode, byte[] key, byte[] iv) {
        try {
            Provider jdk = Security.getProvider("SunJCE");
            cipher = jdk == null
                    ? javax.crypto.Cipher.getInstance(TRANSFORMATION)
                    : javax.crypto.Cipher.getInstance(TRANSFORMATION, jdk);
            initCipher(cipher, mode, Arrays.copyOf(key, getBlockSize()), Arrays.copyOf(iv, getIVSize()));
        } catch (GeneralSecurityException e) {
            throw new SSHRuntimeException(e);
        }
    }

    /** Whose implementation is used; for a test. */
    String provider() {
        return cipher.getProvider().getName();
    }
}
