// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.plan;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.Optional;
import java.util.OptionalLong;

/** A plain filesystem, until something else is said of it. */
final class SeenDataset {

    private final DatasetName name;
    private DatasetKind kind = DatasetKind.FILESYSTEM;
    private Guid guid;
    private Optional<SnapshotName> origin = Optional.empty();
    private Optional<Dataset.Encryption> encryption = Optional.empty();
    private boolean readonly;
    private long written;
    private long referenced = 24576;
    private long available = 1 << 30;
    private OptionalLong volumeSize = OptionalLong.empty();
    private Optional<Dataset.ResumeToken> token = Optional.empty();

    SeenDataset(DatasetName name) {
        this.name = name;
        this.guid = History.parse("@" + name).point(0).guid();
    }

    SeenDataset readonly() {
        readonly = true;
        return this;
    }

    SeenDataset volume() {
        kind = DatasetKind.VOLUME;
        volumeSize = OptionalLong.of(1 << 20);
        return this;
    }

    SeenDataset written() {
        written = 512;
        return this;
    }

    SeenDataset partial() {
        token = Optional.of(new Dataset.ResumeToken("1-abc"));
        return this;
    }

    SeenDataset encrypted(String root, boolean keyLoaded) {
        encryption = Optional.of(new Dataset.Encryption(DatasetName.of(root), keyLoaded));
        return this;
    }

    SeenDataset cloneOf(String snapshot) {
        origin = Optional.of(Seen.snapshot(snapshot));
        return this;
    }

    SeenDataset guid(long bits) {
        guid = new Guid(bits);
        return this;
    }

    SeenDataset space(long refers, long wrote, long has) {
        referenced = refers;
        written = wrote;
        available = has;
        return this;
    }

    Dataset dataset() {
        return new Dataset(
                name,
                kind,
                guid,
                1,
                origin,
                encryption,
                readonly,
                false,
                written,
                referenced,
                24576,
                available,
                volumeSize,
                token,
                OptionalLong.empty());
    }
}
