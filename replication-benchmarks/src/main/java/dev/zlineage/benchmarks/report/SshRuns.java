// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.benchmarks.report;

import dev.zlineage.core.Replication;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeNas;
import dev.zlineage.testkit.FakeZfs;
import dev.zlineage.transport.ssh.SshEndpoint;
import dev.zlineage.transport.ssh.SshHost;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole runs to a host behind an SSH server: what goes over the wire. */
final class SshRuns {

    static final int DATASETS = 21;
    static final int SNAPSHOTS = 10;

    /**
     * What a run took.
     *
     * @param handshakes connections that were made
     * @param shells commands that the server was sent
     * @param onTarget processes of {@code zfs} that they started
     * @param out bytes to the server
     * @param back bytes from it
     */
    record Cost(int handshakes, int shells, int onTarget, long out, long back) {}

    private final FakeZfs here =
            FakeZfs.builder().host("here").seed(1).clock(Instant::now).build();
    private final FakeZfs vault =
            FakeZfs.builder().host("vault").seed(2).clock(Instant::now).build();
    private final ObservationStore memory = ObservationStore.inMemory();
    private final ReplicationRequest request =
            ReplicationRequest.of("tank/data", "backup/data").recursive(true).build();

    private SshRuns() {}

    /** By what was done. */
    static Map<String, Cost> all() throws InterruptedException {
        SshRuns runs = new SshRuns();
        try (FakeNas nas = FakeNas.start(runs.vault)) {
            return runs.costs(nas);
        }
    }

    private Map<String, Cost> costs(FakeNas nas) throws InterruptedException {
        DatasetName top = DatasetName.of("tank/data");
        create(top);
        for (int i = 1; i < DATASETS; i++) {
            create(top.child("d" + i));
        }
        for (int i = 0; i < SNAPSHOTS; i++) {
            snapshot("s" + i);
        }
        Map<String, Cost> costs = new LinkedHashMap<>();
        costs.put("first run", run(nas, ObservationStore.NONE));
        costs.put("nothing changed, all read", run(nas, ObservationStore.NONE));
        for (int i = 0; i < 2; i++) {
            run(nas, memory);
            Thread.sleep(Duration.ofSeconds(3).toMillis()); // the memory goes by the time of this machine
        }
        costs.put("nothing changed, remembered", run(nas, memory));
        snapshot("new");
        costs.put("a new snapshot each", run(nas, memory));
        return costs;
    }

    private void create(DatasetName name) {
        here.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow();
    }

    private void snapshot(String label) {
        here.execute(new ZfsCommand.TakeSnapshots(List.of(request.source().snapshot(label)), Scope.SUBTREE, Map.of()))
                .orThrow();
    }

    private Cost run(FakeNas nas, ObservationStore store) throws InterruptedException {
        vault.forgetLog();
        int connections = nas.connections();
        int commands = nas.commands();
        long up = nas.bytesUp();
        long down = nas.bytesDown();
        try (Zfs there = SshHost.open(SshEndpoint.of(nas.user(), nas.host())
                .port(nas.port())
                .privateKey(nas.privateKey())
                .knownHosts(nas.knownHosts())
                .build())) {
            Replication replication = Replication.between(here, there).remembering(store);
            ReplicationResult result = replication.run(replication.plan(request));
            if (!result.success()) {
                throw new IllegalStateException(result.toString());
            }
        }
        return new Cost(
                nas.connections() - connections,
                nas.commands() - commands,
                vault.log().size(),
                nas.bytesUp() - up,
                nas.bytesDown() - down);
    }
}
