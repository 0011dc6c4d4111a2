// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked to be run: a text for {@code /bin/sh}, as sshd does it. A connection that is lost closes the streams of
 * the program and kills nothing, as with sshd.
 */
final class NasCommand implements Command {

    private static final int BUFFER = 32 * 1024;

    private final FakeNas nas;
    private final String text;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private OutputStream err = OutputStream.nullOutputStream();
    private volatile @Nullable Process process;

    NasCommand(FakeNas nas, String text) {
        this.nas = nas;
        this.text = text;
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
        // see tellExit
    }

    @Override
    public void start(ChannelSession channel, Environment environment) throws IOException {
        String session = nas.register(channel.getSession());
        ProcessBuilder builder = new ProcessBuilder(List.of("/bin/sh", "-c", text));
        builder.directory(nas.programs().folder().toFile());
        Map<String, String> variables = builder.environment();
        variables.putAll(nas.door().variables());
        variables.put("ZLINEAGE_NAS_SESSION", session);
        variables.merge("PATH", nas.programs().bin().toString(), (before, bin) -> bin + File.pathSeparator + before);
        Process started = builder.start();
        process = started;
        nas.processes().add(started);
        NasTraffic traffic = nas.traffic();
        NasThreads.start("stdin", () -> {
            try (OutputStream to = started.getOutputStream()) {
                copy(channel, in, to, traffic.up);
            }
        });
        Thread stdout = NasThreads.start("stdout", () -> copy(channel, started.getInputStream(), out, traffic.down));
        Thread stderr = NasThreads.start("stderr", () -> copy(channel, started.getErrorStream(), err, null));
        NasThreads.start("command", () -> {
            int code = started.waitFor();
            stdout.join();
            stderr.join();
            nas.processes().remove(started);
            if (traffic.statusesToLose.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                tellExit(channel, code);
            }
            out.close();
            channel.close(false);
        });
    }

    /**
     * As sshd does it, before the end of the output. The callback tells that first: a client that has no more input then closes
     * the channel, and a server that notices sends nothing more, no exit status either.
     */
    private static void tellExit(ChannelSession channel, int code) throws IOException {
        if (channel.isClosing()) {
            return;
        }
        Buffer request = channel.getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST, Long.SIZE);
        request.putUInt(channel.getRecipient());
        request.putString("exit-status");
        request.putBoolean(false);
        request.putInt(code);
        channel.writePacket(request);
    }

    private static void copy(
            ChannelSession channel, InputStream from, OutputStream to, NasTraffic.@Nullable Direction direction)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long before = 0;
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            int passed = direction == null ? n : direction.pass(before, n);
            to.write(buffer, 0, passed);
            to.flush();
            before += passed;
            if (passed < n) {
                channel.getSession().close(true);
                return;
            }
        }
    }

    /** The client left. Whoever writes gets a broken pipe, whoever reads the end of what there was. */
    @Override
    public void destroy(ChannelSession channel) throws IOException {
        Process started = process;
        if (started != null) {
            started.getInputStream().close();
            started.getErrorStream().close();
        }
        in.close();
    }
}
