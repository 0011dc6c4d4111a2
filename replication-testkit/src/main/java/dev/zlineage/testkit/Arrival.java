// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.ReceiveStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a snapshot of what was received. */
final class Arrival {

    private Arrival() {}

    static void apply(FakeHost host, ReceiveStream request, Begin begin, Staging staging, Landing landing) {
        FakeDataset existing = landing.existing();
        boolean isNew = existing == null || existing.isInconsistent();
        FakeDataset dataset = existing == null ? newDataset(host, request, begin, landing.origin()) : existing;
        if (existing != null) {
            properties(existing, request, begin);
        }
        long txg = dataset.pool().nextTxg();
        rollBack(dataset, landing.rollBackTo());
        Map<String, Block> blocks = staging.blocks(txg);
        Contents before =
                begin.isFull() ? Contents.empty(txg) : dataset.timeline().live();
        Contents after;
        if (!blocks.isEmpty()) {
            after = before.with(blocks, txg);
        } else {
            after = begin.changed() && !begin.isFull() ? before.touched(txg) : before;
        }
        dataset.change(timeline -> timeline.live(after));
        FakeSnapshot snapshot = new FakeSnapshot(
                dataset,
                begin.label(),
                begin.toGuid(),
                txg,
                begin.creation(),
                after,
                ivset(host, dataset, begin),
                Map.of());
        if (begin.properties() != null) {
            snapshot.receive(begin.properties().snapshot());
        }
        dataset.change(timeline -> timeline.add(snapshot));
        dataset.partial(null);
        dataset.inconsistent(false);
        dataset.kind(begin.kind());
        dataset.volumeSize(begin.volumeSize());
        dataset.largeBlocks(dataset.hasLargeBlocks() || begin.form().large());
        dataset.snapshotsChanged(host.seconds());
        if (isNew && request.mount()) {
            dataset.mountAsItsPropertiesSay();
        }
    }

    /** As {@code zfs receive -F} does it: newer snapshots go, newer bookmarks stay. */
    private static void rollBack(FakeDataset dataset, @Nullable FakeSnapshot base) {
        if (base != null) {
            dataset.timeline().newerThan(base).forEach(newer -> dataset.change(timeline -> timeline.remove(newer)));
            dataset.change(timeline -> timeline.live(base.contents()));
        }
    }

    /** What was there before a stream that is cut is there after it, so this waits for its end. */
    private static void properties(FakeDataset dataset, ReceiveStream request, Begin begin) {
        ReceiveProperties properties = new ReceiveProperties(request, begin);
        if (begin.properties() != null && !dataset.properties().wereReceived()) {
            // until then the real one can't tell what was set from what was received
            dataset.properties().forget();
        }
        properties.set(dataset);
        properties.receive(dataset);
    }

    /** A dataset of its own identity, with the encryption that the stream or the place gives it. */
    static FakeDataset newDataset(FakeHost host, ReceiveStream request, Begin begin, @Nullable FakeSnapshot origin) {
        FakeDataset parent = host.parentFor(request.target());
        long txg = parent.pool().nextTxg();
        Contents live = origin == null ? Contents.empty(txg) : origin.contents();
        FakeDataset dataset = host.newDataset(parent.pool(), request.target(), begin.kind(), txg, live);
        properties(dataset, request, begin);
        dataset.volumeSize(begin.volumeSize());
        dataset.crypt(crypt(host, request, begin, parent, origin));
        host.attach(parent, dataset);
        if (origin != null) {
            dataset.origin(origin);
        }
        return dataset;
    }

    private static @Nullable Crypt crypt(
            FakeHost host, ReceiveStream request, Begin begin, FakeDataset parent, @Nullable FakeSnapshot origin) {
        Begin.RawKey key = begin.key();
        if (origin != null && (origin.owner().crypt() != null || parent.crypt() != null)) {
            if (key == null || origin.owner().crypt() == null) {
                throw new UnsupportedOperationException(
                        "FakeZfs does not model a clone's stream, not raw, into an encrypted place");
            }
        }
        if (key != null) {
            return origin == null
                    ? Crypt.root(key.cipher(), key.master(), key.wrapping(), false)
                    : Crypt.under(origin.owner().encryptionRoot(), key.cipher(), key.master());
        }
        if (request.set().containsKey("keyformat")) {
            return new NewEncryption(host, request.target(), request.set()).under(parent, null);
        }
        Crypt above = parent.crypt();
        if (above == null || new ReceiveProperties(request, begin).staysInTheClear()) {
            return null;
        }
        return Crypt.under(parent.encryptionRoot(), above.cipher(), host.guids().next());
    }

    private static long ivset(FakeHost host, FakeDataset dataset, Begin begin) {
        if (dataset.crypt() == null) {
            return 0;
        }
        return begin.key() != null ? begin.toIvset() : host.guids().next();
    }
}
