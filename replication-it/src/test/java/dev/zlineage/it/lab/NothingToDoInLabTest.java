// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.Replication;
import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.concurrency.Concurrency;
import dev.zlineage.core.memory.ObservationStore;
import dev.zlineage.core.run.DatasetResult;
import dev.zlineage.core.run.ReplicationResult;
import dev.zlineage.core.select.ReplicationRequest;
import dev.zlineage.testkit.lab.GuestCommandRunner;
import dev.zlineage.testkit.lab.GuestShell;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a run costs in which nothing changed, counted where a real {@code zfs} is called. */
@Tag("lab")
class NothingToDoInLabTest {

    private static final ReplicationRequest REQUEST =
            ReplicationRequest.of("tank/calm", "backup/calm").recursive(true).build();

    private final OpenZfsLab guest = OpenZfsLab.shared();
    private final ObservationStore memory = ObservationStore.inMemory();

    private ReplicationResult run(GuestShell shell, Duration later) throws InterruptedException {
        try (CommandZfs zfs = new CommandZfs(
                new GuestCommandRunner(shell, List.of(guest.forwarder().toString())), List.of("/run/zfs-logged"))) {
            Replication replication =
                    Replication.between(zfs, zfs).with(new Later(later)).remembering(memory);
            return replication.run(replication.plan(REQUEST));
        }
    }

    @Test
    @DisplayName("with a memory a run calls zfs three times: for its version, and for one listing of datasets a side")
    void threeCalls() throws InterruptedException {
        guest.sh("""
                zfs create -o canmount=off tank/calm
                for i in $(seq 6); do zfs create "tank/calm/d$i"; done
                zfs snapshot -r tank/calm@one
                printf '#!/bin/sh\\necho "$*" >> /run/zfs.calls\\nexec zfs "$@"\\n' > /run/zfs-logged; chmod +x /run/zfs-logged
                """);
        try (GuestShell shell = guest.shell()) {
            for (int i = 0; i < 3; i++) { // sends, sees the new times of the target, and looks once they are old enough
                assertThat(run(shell, Duration.ofSeconds(3L * i)).success()).isTrue();
            }
            guest.sh("rm /run/zfs.calls");

            ReplicationResult nothing = run(shell, Duration.ofSeconds(9));

            assertThat(nothing.count(DatasetResult.Outcome.UpToDate.class)).isEqualTo(7);
            assertThat(guest.sh("cat /run/zfs.calls").lines())
                    .hasSize(3)
                    .anyMatch(line -> line.equals("version"))
                    .noneMatch(line -> line.contains("snapshot,bookmark"));

            guest.sh("rm /run/zfs.calls; zfs snapshot tank/calm/d3@two");
            ReplicationResult one = run(shell, Duration.ofSeconds(12));

            assertThat(one.success()).isTrue();
            assertThat(one.count(DatasetResult.Outcome.Replicated.class)).isEqualTo(1);
            assertThat(guest.sh("grep snapshot,bookmark /run/zfs.calls").lines())
                    .as("histories are read of what changed alone, and once more of its target to verify")
                    .hasSize(3)
                    .allMatch(line -> line.endsWith("/calm/d3"));
            assertThat(guest.sh("zfs list -H -t snapshot -o name backup/calm/d3")
                            .lines())
                    .containsExactly("backup/calm/d3@one", "backup/calm/d3@two");
        }
        guest.sh("zfs destroy -r tank/calm; zfs destroy -r backup/calm; rm /run/zfs-logged /run/zfs.calls");
    }

    /** Real time, some while later: nothing happens in this tree that it would be wrong about. */
    private record Later(Duration by) implements Concurrency {

        @Override
        public Instant now() {
            return Concurrency.system().now();
        }

        @Override
        public long nanoTime() {
            return Concurrency.system().nanoTime() + by.toNanos();
        }

        @Override
        public Optional<String> clock() {
            return Optional.of("later");
        }

        @Override
        public double random() {
            return Concurrency.system().random();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            Concurrency.system().sleep(duration);
        }

        @Override
        public Fork fork(String name, Runnable body) {
            return Concurrency.system().fork(name, body);
        }

        @Override
        public <T> Mailbox<T> mailbox() {
            return Concurrency.system().mailbox();
        }
    }
}
