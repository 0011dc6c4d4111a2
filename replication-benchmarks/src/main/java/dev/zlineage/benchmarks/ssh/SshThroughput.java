// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.ssh;

import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.transport.StreamJoiner;
import dev.zlineage.core.transport.StreamSink;
import dev.zlineage.core.transport.StreamSource;
import dev.zlineage.core.transport.Transfer;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.ReceiveStream;
import dev.zlineage.core.zfs.SendStream;
import dev.zlineage.core.zfs.StreamMode;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.transport.local.LocalHost;
import dev.zlineage.transport.local.LocalOptions;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What SSH costs: a stream through a shell's {@code source | ssh | sink}, through the library, and through the {@code ssh}
 * program, in turn, both ways, over the loopback and over a long way. The ends produce zeros and throw them away, so that
 * nothing but the transport is measured. Prints a table in Markdown: medians, and the CPU time of this JVM with its children
 * (the server's side is the same for all).
 */
public final class SshThroughput {

    private static final long MIB = 1 << 20;
    private static final DatasetName ANY = DatasetName.of("tank/any");

    private final LoopbackSshd sshd;
    private final int port;
    private final Zfs here;
    private final Map<String, Zfs> there = new LinkedHashMap<>();

    private interface Way {
        void carry() throws IOException, InterruptedException;
    }

    private record Cost(double seconds, double cpu) {}

    private SshThroughput(LoopbackSshd sshd, int port) throws IOException {
        this.sshd = sshd;
        this.port = port;
        here = LocalHost.open(LocalOptions.DEFAULT.withZfsProgram(sshd.zfs().toString()));
        for (SshEndpoint.Client client : SshEndpoint.Client.values()) {
            there.put(
                    client == SshEndpoint.Client.LIBRARY ? "library" : "ssh program",
                    SshHost.open(SshEndpoint.of(System.getProperty("user.name"), "127.0.0.1")
                            .port(port)
                            .privateKey(sshd.key())
                            .knownHosts(sshd.knownHosts(port))
                            .zfsProgram(sshd.zfs().toString())
                            .client(client)
                            .build()));
        }
    }

    /**
     * Measures.
     *
     * @param arguments the rounds (5), and the MiB of a stream without (1024) and with a long way (128)
     * @throws IOException if a server or a program can't be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = number(arguments, 0, 5);
        System.out.println("| direction | round trip | way | MiB/s | of the shell | CPU s/GiB |\n"
                + "| --- | --- | --- | ---: | ---: | ---: |");
        try (LoopbackSshd sshd = new LoopbackSshd("/usr/sbin/sshd")) {
            new SshThroughput(sshd, sshd.port()).measure("0 ms", rounds, number(arguments, 1, 1024) * MIB);
            try (Relay relay = new Relay(sshd.port(), 50)) {
                new SshThroughput(sshd, relay.port()).measure("50 ms", rounds, number(arguments, 2, 128) * MIB);
            }
        }
    }

    private static int number(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private void measure(String distance, int rounds, long bytes) throws IOException, InterruptedException {
        for (boolean push : new boolean[] {true, false}) {
            Map<String, Way> ways = new LinkedHashMap<>();
            ways.put("shell", () -> shell(push));
            there.forEach((name, host) -> ways.put(name, () -> join(push ? here : host, push ? host : here, 1)));
            if (push) {
                ways.put("library, 4 streams", () -> join(here, there.get("library"), 4));
            }
            sshd.sends(bytes);
            Map<String, List<Cost>> costs = new LinkedHashMap<>();
            for (int round = -1; round < rounds; round++) {
                for (Map.Entry<String, Way> way : ways.entrySet()) {
                    Cost cost = cost(way.getValue());
                    if (round >= 0) {
                        costs.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                                .add(cost);
                    }
                }
            }
            double shell = rate(costs.get("shell"), bytes);
            costs.forEach((name, all) -> {
                long moved = name.contains("4 streams") ? 4 * bytes : bytes;
                double rate = rate(all, moved);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %.0f | %.2f | %.2f |%n",
                        push ? "push" : "pull",
                        distance,
                        name,
                        rate,
                        rate / shell,
                        median(all.stream().mapToDouble(Cost::cpu)) * 1024 * MIB / moved);
            });
        }
    }

    private static double rate(List<Cost> costs, long bytes) {
        return (double) bytes / MIB / median(costs.stream().mapToDouble(Cost::seconds));
    }

    private static double median(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private void shell(boolean push) throws IOException, InterruptedException {
        String ssh = "ssh -F none -o BatchMode=yes -c aes128-gcm@openssh.com -i '" + sshd.key() + "' -p " + port
                + " -o UserKnownHostsFile='" + sshd.knownHosts(port) + "' 127.0.0.1 '" + sshd.zfs() + "'";
        LoopbackSshd.run(
                "sh",
                "-c",
                push
                        ? "'" + sshd.zfs() + "' send | " + ssh + " receive"
                        : ssh + " send | '" + sshd.zfs() + "' receive");
    }

    private static void join(Zfs from, Zfs to, int streams) throws IOException, InterruptedException {
        List<Thread> waiting = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            StreamSource source = from.send(new SendStream.Full(ANY.snapshot("any"), StreamMode.DEFAULT))
                    .end();
            StreamSink sink = to.receive(ReceiveStream.into(ANY)).end();
            Transfer transfer = new StreamJoiner(Concurrency.system()).start(source, sink, progress -> {});
            Thread thread = new Thread(() -> await(transfer, failures));
            thread.start();
            waiting.add(thread);
        }
        for (Thread thread : waiting) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new IOException(failures.toString());
        }
    }

    private static void await(Transfer transfer, List<String> failures) {
        try {
            Transfer.Ends ends = transfer.await();
            if (ends.source().code() != 0 || ends.sink().code() != 0) {
                synchronized (failures) {
                    failures.add(ends.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Cost cost(Way way) throws IOException, InterruptedException {
        double cpu = cpuSeconds();
        long began = System.nanoTime();
        way.carry();
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Cost(seconds, cpuSeconds() - cpu);
    }

    /** Of this process and of the children that it has waited for; in hundredths. */
    private static double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Arrays.stream(fields, 11, 15).mapToLong(Long::parseLong).sum() / 100.0;
    }
}
