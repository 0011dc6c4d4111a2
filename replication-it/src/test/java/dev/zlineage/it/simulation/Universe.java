// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.simulation;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.testkit.FakeZfs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two hosts: what is replicated, and what is none of the engine's business. */
final class Universe {

    static final DatasetName TANK = DatasetName.of("tank");
    static final DatasetName BACKUP = DatasetName.of("backup");
    static final DatasetName DATA = DatasetName.of("tank/data");
    static final DatasetName COPY = DatasetName.of("backup/data");

    /** On the target's host, and nobody's target. */
    static final DatasetName FOREIGN = DatasetName.of("backup/foreign");

    /** What fills the pool now and then. */
    static final DatasetName FILLER = DatasetName.of("backup/filler");

    final Time time = new Time();
    final FakeZfs nas;
    final FakeZfs vault;
    final Chronicle chronicle = new Chronicle();

    /** What snapshots hold does not change; that is looked at once, for each host and dataset. */
    private final Map<String, Map<Picture.Place, Map<String, String>>> seen = new HashMap<>();

    /** Whether people change something meanwhile, or what is planned has to change under way. */
    boolean troubled;

    private boolean looking;

    Universe(long seed) {
        nas = FakeZfs.builder().host("nas").seed(seed).clock(time).build();
        vault = FakeZfs.builder()
                .host("vault")
                .seed(~seed)
                .clock(time)
                .pool("backup", 1L << 24)
                .build();
        create(nas, DATA, DATA.child("a"), DATA.child("a/deep"), DATA.child("b"));
        nas.execute(new ZfsCommand.CreateVolume(DATA.child("vol"), 1 << 20, Map.of()))
                .orThrow();
        create(vault, FOREIGN, FOREIGN.child("child"), FILLER);
        vault.write(FOREIGN, "f", new byte[] {1, 2, 3});
        vault.execute(new ZfsCommand.TakeSnapshots(List.of(FOREIGN.snapshot("s")), Scope.SUBTREE, Map.of()))
                .orThrow();
        vault.execute(new ZfsCommand.Hold("theirs", List.of(FOREIGN.snapshot("s"))))
                .orThrow();
    }

    private static void create(FakeZfs zfs, DatasetName... names) {
        for (DatasetName name : names) {
            zfs.execute(new ZfsCommand.CreateFilesystem(name, Map.of())).orThrow();
        }
    }

    /** The host of the source as it is. Nobody does anything while it is looked at. */
    Picture source() {
        return look(nas, TANK);
    }

    /** The host of the target as it is. */
    Picture target() {
        return look(vault, BACKUP);
    }

    private Picture look(FakeZfs host, DatasetName root) {
        looking = true;
        try {
            return Picture.of(host, root, seen.computeIfAbsent(host.host(), none -> new HashMap<>()));
        } finally {
            looking = false;
        }
    }

    boolean looking() {
        return looking;
    }
}
