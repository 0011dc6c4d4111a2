// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import dev.zlineage.core.zfs.Secret;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;

/** An sshd in this JVM, on the loopback device, whose commands are programs of a test. */
final class TestSshd implements AutoCloseable {

    static final String USER = "tester";

    final SshServer server = SshServer.setUpDefaultServer();
    final KeyPair hostKey = ed25519();
    final KeyPair userKey = ed25519();
    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<Session> sessions = new CopyOnWriteArrayList<>();
    /** How many bytes of output all commands together have sent. */
    final AtomicLong output = new AtomicLong();

    private final Map<String, Program> programs = new ConcurrentHashMap<>();
    private final Path folder;
    private final Path key;

    TestSshd(Path folder) throws Exception {
        this(folder, sshd -> {});
    }

    TestSshd(Path folder, Consumer<SshServer> change) throws Exception {
        this.folder = folder;
        key = folder.resolve("id-" + System.identityHashCode(this));
        write(key, userKey, null);
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator(
                (user, offered, session) -> user.equals(USER) && KeyUtils.compareKeys(offered, userKey.getPublic()));
        server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        server.setCommandFactory((channel, command) -> new Running(command));
        server.addSessionListener(new SessionListener() {
            @Override
            public void sessionCreated(Session session) {
                sessions.add(session);
            }
        });
        change.accept(server);
        server.start();
    }

    TestSshd on(String command, Program program) {
        programs.put(command, program);
        return this;
    }

    /** Runs control commands by the sh of this host. */
    TestSshd withShell() {
        return on(RemoteScript.COMMANDS, (in, out, err) -> {
            Process sh = new ProcessBuilder("sh", "-c", RemoteScript.COMMANDS).start();
            Thread errors = new Thread(() -> copy(sh.getErrorStream(), err));
            Thread request = new Thread(() -> copy(in, sh.getOutputStream()));
            errors.start();
            request.start();
            copy(sh.getInputStream(), new CountedOutput(out));
            errors.join();
            return sh.waitFor();
        });
    }

    /** Counts what was passed on, for those who wait for it. */
    private final class CountedOutput extends FilterOutputStream {
        CountedOutput(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            out.flush();
            output.addAndGet(length);
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try (to) {
            byte[] buffer = new byte[8 * 1024];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                to.flush();
            }
        } catch (IOException e) {
            // one of the two is gone
        }
    }

    /** Answers as OpenSSH does for {@code MaxSessions}. */
    void allowChannels(int atOnce) {
        AtomicInteger open = new AtomicInteger();
        server.setChannelFactories(List.of(new ChannelFactory() {
            @Override
            public String getName() {
                return "session";
            }

            @Override
            public Channel createChannel(Session session) {
                return new ChannelSession() {
                    @Override
                    public OpenFuture open(long recipient, long window, long packet, Buffer buffer) {
                        if (open.incrementAndGet() > atOnce) {
                            open.decrementAndGet();
                            OpenFuture refused = new DefaultOpenFuture(this, this);
                            refused.setException(new SshChannelOpenException(
                                    getChannelId(), SshConstants.SSH_OPEN_CONNECT_FAILED, "open failed"));
                            return refused;
                        }
                        addCloseFutureListener(closed -> open.decrementAndGet());
                        return super.open(recipient, window, packet, buffer);
                    }
                };
            }
        }));
    }

    SshEndpoint.Builder endpoint() {
        return SshEndpoint.of(USER, "127.0.0.1")
                .port(server.getPort())
                .privateKey(key)
                .hostKeys(List.of(PublicKeyEntry.toString(hostKey.getPublic())));
    }

    /** A file of known hosts. */
    Path knownHosts(String... lines) throws IOException {
        return Files.write(folder.resolve("known_hosts-" + System.nanoTime()), List.of(lines));
    }

    String name() {
        return "[127.0.0.1]:" + server.getPort();
    }

    static KeyPair ed25519() throws GeneralSecurityException {
        return SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
    }

    static void write(Path file, KeyPair pair, Secret passphrase) throws Exception {
        OpenSSHKeyEncryptionContext encryption = null;
        if (passphrase != null) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setPassword(new String(passphrase.reveal(), StandardCharsets.UTF_8));
            encryption.setCipherType("256");
            encryption.setKdfRounds(4);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, out);
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(true);
        server.close(true).await(Duration.ofSeconds(5));
    }

    /** One exec. */
    private final class Running implements Command {

        private final String command;
        private InputStream in;
        private OutputStream out;
        private OutputStream err;
        private ExitCallback exit;
        private Thread thread;

        Running(String command) {
            this.command = command;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            commands.add(command);
            Program program = programs.entrySet().stream()
                    .filter(entry -> command.equals(entry.getKey()) || command.endsWith(" " + entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse((stdin, stdout, stderr) -> 127);
            thread = new Thread(
                    () -> {
                        int code;
                        try {
                            code = program.run(in, out, err);
                            out.flush();
                            err.flush();
                        } catch (Exception e) {
                            code = 99;
                        }
                        if (code != Program.NONE) {
                            exit.onExit(code);
                        }
                    },
                    "program " + command);
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void destroy(ChannelSession channel) {
            thread.interrupt();
        }
    }
}
