// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.transport.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A shell as sshd would start it for a command, with pipes for its standard streams.
 *
 * @param argv the shell
 * @param environment variables to set over those of this process
 */
record LoginShell(List<String> argv, Map<String, String> environment) {

    /** What a command printed, and its exit code. */
    record Ran(int code, String stdout, String stderr) {}

    /** A reader of what is printed. */
    interface Output {
        void add(byte[] bytes, int count);
    }

    static LoginShell of(String... argv) {
        return new LoginShell(List.of(argv), Map.of());
    }

    LoginShell with(String name, String value) {
        return new LoginShell(argv, Map.of(name, value));
    }

    Ran run(String command) throws IOException {
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        int code = run(command, OutputStream::close, text(out), text(err));
        return new Ran(code, out.toString(), err.toString());
    }

    /** For bytes of ASCII, which is all that these tests print this way, or for UTF-8 that is not cut in a letter. */
    private static Output text(StringBuilder text) {
        return (bytes, count) -> text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
    }

    /** What writes the standard input. */
    interface Input {
        void write(OutputStream stdin) throws IOException;
    }

    int run(String command, Input input, Output stdout, Output stderr) throws IOException {
        List<String> all = new ArrayList<>(argv);
        all.addAll(List.of("-c", command));
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().putAll(environment);
        Process process = builder.start();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(process, input));
        CompletableFuture<Void> messages = CompletableFuture.runAsync(() -> read(process.getErrorStream(), stderr));
        read(process.getInputStream(), stdout);
        messages.join();
        writing.join();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void write(Process process, Input input) {
        try (OutputStream stdin = process.getOutputStream()) {
            input.write(stdin);
        } catch (IOException e) {
            // it left without reading everything
        }
    }

    private static void read(InputStream from, Output to) {
        try {
            byte[] buffer = new byte[4096];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.add(Arrays.copyOf(buffer, n), n);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
