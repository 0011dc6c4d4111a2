// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.docs;

import dev.zlineage.core.command.CommandZfs;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Zfs;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.container.OpenZfsContainer;
import dev.zlineage.testkit.lab.OpenZfsLab;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real hosts of docs/testing.md: compiled here. Tests in the tiers lab and docker boot such. */
final class RealOpenZfsExample {

    private RealOpenZfsExample() {}

    static void inAMachine() {
        try (OpenZfsLab lab = OpenZfsLab.boot();
                Zfs zfs = lab.zfs()) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of()))
                    .orThrow();
        }
    }

    static void inAContainer() {
        try (OpenZfsContainer lab = OpenZfsContainer.boot();
                Zfs zfs = lab.zfs()) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of()))
                    .orThrow();
        }
    }

    static void byATransportOfOnesOwn() {
        try (OpenZfsLab lab = OpenZfsLab.boot();
                Zfs zfs =
                        new CommandZfs(new PrefixRunner(List.of(lab.forwarder().toString()), Duration.ofMinutes(1)))) {
            zfs.execute(new ZfsCommand.CreateFilesystem(DatasetName.of("tank/data"), Map.of()))
                    .orThrow();
        }
    }

    static void fromARegistry() {
        try (OpenZfsContainer lab = OpenZfsContainer.of("registry.example.com/zlineage-openzfs:2.3")) {
            lab.start();
            lab.sh("echo Dear reader > /tank/letter");
        }
    }
}
