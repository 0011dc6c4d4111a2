// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;

/** The sshd of a {@link FakeNas}, behind its link. */
final class NasServer {

    private static final AttributeRepository.AttributeKey<AtomicInteger> OPEN =
            new AttributeRepository.AttributeKey<>();

    private final SshServer server = SshServer.setUpDefaultServer();
    private volatile boolean refusingLogins;
    private volatile int maxSessions = Integer.MAX_VALUE;

    NasServer(FakeNas nas, NasKeys keys) throws IOException {
        server.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(keys.host()));
        server.setPublickeyAuthenticator((user, key, session) -> !refusingLogins
                && user.equals(FakeNas.USER)
                && KeyUtils.compareKeys(key, keys.user().getPublic()));
        server.setCommandFactory((channel, command) -> {
            nas.traffic().commands.incrementAndGet();
            return new NasCommand(nas, command);
        });
        server.setChannelFactories(List.of(new ChannelSessionFactory() {
            @Override
            public Channel createChannel(Session session) {
                return new LimitedChannel();
            }
        }));
        CoreModuleProperties.IDLE_TIMEOUT.set(server, Duration.ZERO);
        // a channel is closed when its command has ended: there is nothing to wait for
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(server, Duration.ofMillis(1));
        server.start();
    }

    int port() {
        return server.getPort();
    }

    void refusingLogins(boolean refuse) {
        refusingLogins = refuse;
    }

    void maxSessions(int most) {
        maxSessions = most;
    }

    void close() throws IOException {
        server.stop(true);
    }

    /** Counts the sessions of its connection, and refuses to be one too many, as {@code MaxSessions} of sshd does. */
    private final class LimitedChannel extends ChannelSession {

        private final AtomicBoolean counted = new AtomicBoolean();

        @Override
        protected OpenFuture doInit(Buffer buffer) {
            counted.set(true);
            addCloseFutureListener(closed -> leave());
            if (others().getAndIncrement() < maxSessions) {
                return super.doInit(buffer);
            }
            leave();
            OpenFuture refused = new DefaultOpenFuture(this, this);
            refused.setException(
                    new SshChannelOpenException(getChannelId(), SshConstants.SSH_OPEN_CONNECT_FAILED, "open failed"));
            return refused;
        }

        /** Once the client has closed it, it may open another. */
        @Override
        public void handleClose() throws IOException {
            leave();
            super.handleClose();
        }

        private void leave() {
            if (counted.compareAndSet(true, false)) {
                others().decrementAndGet();
            }
        }

        private AtomicInteger others() {
            return getSession().computeAttributeIfAbsent(OPEN, key -> new AtomicInteger());
        }
    }
}
