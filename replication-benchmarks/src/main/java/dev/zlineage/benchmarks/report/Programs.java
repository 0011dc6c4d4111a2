// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What takes programs: a local stream beside a pipe of a shell, and the start of {@code ./zlineage plan}. */
final class Programs {

    private static final int REPEATS = 9;

    private final Path folder;
    private final Path zfs;

    Programs(Path folder, long mebibytes) throws IOException {
        this.folder = folder;
        this.zfs = Files.writeString(folder.resolve("zfs"), """
                #!/bin/sh
                row() { printf '%%s\\tfilesystem\\t%%s\\t1\\t-\\t-\\t-\\toff\\tyes\\t0\\t24576\\t24576\\t1073741824\\t-\\t-\\t1767225600\\n' "$1" "$2"; }
                case "$*" in
                    send*) exec head -c %dM /dev/zero ;;
                    receive*) exec cat > /dev/null ;;
                    version) printf 'zfs-2.3.2-1\\nzfs-kmod-2.3.2-1\\n' ;;
                    *snapshot,bookmark*' tank/data') printf 'tank/data@one\\t7\\t2\\t1767225600\\n' ;;
                    *' tank/data') row tank/data 11 ;;
                    *' backup') row backup 12 ;;
                esac
                """.formatted(mebibytes));
        if (!zfs.toFile().setExecutable(true)) {
            throw new IOException(zfs + " can't be made a program");
        }
    }

    /** How fast a stream of ours is beside a pipe of a shell, each time one after the other. */
    Measures streamRatio() throws IOException, InterruptedException {
        double[] ratios = new double[REPEATS];
        for (int i = -1; i < REPEATS; i++) {
            double pipe = timed(() -> shell("\"$0\" send | \"$0\" receive", zfs.toString()));
            double ours = timed(this::stream);
            if (i >= 0) {
                ratios[i] = pipe / ours;
            }
        }
        return Measures.of(ratios);
    }

    private void stream() throws InterruptedException {
        DatasetName any = DatasetName.of("tank/any");
        try (Zfs host = LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(zfs.toString()))) {
            Transfer transfer = new StreamJoiner(Concurrency.system())
                    .start(
                            host.send(new SendStream.Full(
                                            any.snapshot("one"), new StreamMode(false, false, false, false, false)))
                                    .end(),
                            host.receive(ReceiveStream.into(any)).end(),
                            moved -> {});
            Transfer.Ends ends = transfer.await();
            if (ends.source().code() != 0 || ends.sink().code() != 0) {
                throw new IllegalStateException(ends.toString());
            }
        }
    }

    /** Seconds of the processor for {@code ./zlineage plan}, with all that it starts. */
    Measures startUp(Path launcher) throws IOException, InterruptedException {
        double[] seconds = new double[REPEATS];
        Path times = folder.resolve("times");
        for (int i = -2; i < REPEATS; i++) {
            shell(
                    "\"$1\" plan --source tank/data --target backup/data -r --zfs \"$2\" > /dev/null; times > \"$0\"",
                    times.toString(),
                    launcher.toString(),
                    zfs.toString());
            if (i >= 0) {
                seconds[i] = children(Files.readString(times));
            }
        }
        return Measures.of(seconds);
    }

    /** The second line of {@code times}, such as {@code 0m0.41s 0m0.05s}: user and system. */
    private static double children(String times) {
        double sum = 0;
        for (String word : times.lines().toList().get(1).split(" ", -1)) {
            int minutes = word.indexOf('m');
            sum += 60 * Double.parseDouble(word.substring(0, minutes))
                    + Double.parseDouble(word.substring(minutes + 1, word.length() - 1));
        }
        return sum;
    }

    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    private static double timed(Act act) throws IOException, InterruptedException {
        long before = System.nanoTime();
        act.run();
        return (System.nanoTime() - before) / 1e9;
    }

    private static void shell(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("sh", "-c", script));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("failed: " + script);
        }
    }
}
