// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.tick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.run.KeyNotKeptException;
import dev.zlineage.core.run.ReceivedKey;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.KeyFormat;
import dev.zlineage.core.zfs.Secret;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.scheduler.task.TargetEncryption;
import dev.zlineage.scheduler.tick.Tally.Verdict;
import dev.zlineage.scheduler.tick.Tick;
import dev.zlineage.scheduler.tick.TickReport;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Targets whose keys go to a store: {@code key-location: $TrueNAS}. */
class KeysOfATickTest extends TickWorld {

    private static final DatasetName SOURCE = DatasetName.of("tank/a");
    private static final DatasetName TARGET = DatasetName.of("backup/a");

    private final List<String> store = new ArrayList<>();
    private boolean closed;

    private void keep(ReceivedKey received) throws KeyNotKeptException {
        if (closed) {
            throw new KeyNotKeptException("the store is closed");
        }
        store.add(received.host() + " " + received.target() + " "
                + received.format().value() + " " + new String(received.key().reveal(), StandardCharsets.UTF_8));
    }

    private TickReport tickWithStore(String instant) throws InterruptedException {
        now = Instant.parse(instant);
        return run().withKeySinks(task -> Optional.of(this::keep)).run(Tick.at(definition(), now));
    }

    private void task() {
        nas.execute(new ZfsCommand.CreateFilesystem(SOURCE, Map.of())).orThrow();
        byte[] much = new byte[1 << 20];
        nas.write(SOURCE, "file", much);
        snapshots.add(hourly("h", "tank/a"));
        replications.add(push("r", VAULT, "tank/a", "backup/a")
                .snapshots(bound("h"))
                .attempts(1)
                .auto()
                .encryption(new TargetEncryption(
                        false,
                        Optional.of(new Secret("correct horse".getBytes(StandardCharsets.UTF_8))),
                        Optional.of(KeyFormat.PASSPHRASE),
                        Optional.of(TargetEncryption.STORE)))
                .build());
    }

    @Test
    void w18TheKeyOfATargetIsStoredAfterACutToo() throws InterruptedException {
        task();
        nas.cutNextStream(300_000);
        assertThat(tickWithStore("2026-01-10T01:00:00Z").tally().verdict()).isNotEqualTo(Verdict.DONE);
        assertThat(store).isEmpty();

        closed = true;
        TickReport whole = tickWithStore("2026-01-10T02:00:00Z");
        assertThat(whole.tally().verdict())
                .as("no success while the key is in no store")
                .isNotEqualTo(Verdict.DONE);
        assertThat(whole.toString()).contains("the store is closed").doesNotContain("correct horse");

        closed = false;
        assertThat(tickWithStore("2026-01-10T03:00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(store).containsExactly("vault backup/a passphrase correct horse");
        assertThat(tickWithStore("2026-01-10T04:00:00Z").tally().verdict()).isEqualTo(Verdict.DONE);
        assertThat(store).hasSize(1);
        assertThat(vault.execute(new ZfsCommand.GetProperties(List.of(TARGET), List.of("keylocation")))
                        .orThrow()
                        .get(0)
                        .value())
                .isEqualTo("prompt");
    }

    @Test
    void withoutAStoreTheTaskIsRefused() throws InterruptedException {
        task();

        TickReport report = tick("2026-01-10T01:00:00Z");

        assertThat(report.tasks().get(0).refusals())
                .singleElement()
                .satisfies(
                        refusal -> assertThat(refusal.path()).isEqualTo("replication-tasks.r.encryption.key-location"));
        assertThat(report.tasks().get(0).sources()).isEmpty();
    }
}
