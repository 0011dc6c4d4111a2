// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.Dataset;
import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.InvalidNameException;
import dev.zlineage.core.zfs.PointName;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The rows of a listing of datasets. */
final class DatasetRows {

    private static final String COLUMNS = "name,type,guid,createtxg,origin,encryptionroot,keystatus,readonly,mounted,"
            + "written,referenced,used,available,volsize,receive_resume_token";
    private static final int COUNT = 15;
    private static final String NONE = "-";

    private DatasetRows() {}

    /** What to ask for; {@code snapshots_changed} is known from OpenZFS 2.2 on. */
    static String columns(boolean changes) {
        return changes ? COLUMNS + ",snapshots_changed" : COLUMNS;
    }

    static void read(String stdout, boolean changes, Consumer<Dataset> found) throws UnreadableException {
        Rows rows = new Rows(stdout);
        while (rows.next()) {
            found.accept(dataset(rows, rows.columns(changes ? COUNT + 1 : COUNT), changes));
        }
    }

    private static Dataset dataset(Rows rows, String[] c, boolean changes) throws UnreadableException {
        return new Dataset(
                rows.dataset(c[0]),
                kind(rows, c[1]),
                guid(rows, c[2]),
                rows.bytes(c[3]),
                origin(rows, c[4]),
                encryption(rows, c[5], c[6]),
                onOff(rows, c[7], "on", "off"),
                !c[8].equals(NONE) && onOff(rows, c[8], "yes", "no"),
                rows.bytes(c[9]),
                rows.bytes(c[10]),
                rows.bytes(c[11]),
                rows.bytes(c[12]),
                number(rows, c[13]),
                c[14].equals(NONE) ? Optional.empty() : Optional.of(new Dataset.ResumeToken(c[14])),
                changes ? number(rows, c[15]) : OptionalLong.empty());
    }

    private static DatasetKind kind(Rows rows, String type) throws UnreadableException {
        return switch (type) {
            case "filesystem" -> DatasetKind.FILESYSTEM;
            case "volume" -> DatasetKind.VOLUME;
            default -> throw rows.unreadable("'" + type + "' is no type of dataset");
        };
    }

    private static Guid guid(Rows rows, String guid) throws UnreadableException {
        try {
            return Guid.parse(guid);
        } catch (NumberFormatException e) {
            throw rows.unreadable("'" + guid + "' is no guid");
        }
    }

    private static Optional<SnapshotName> origin(Rows rows, String origin) throws UnreadableException {
        if (origin.equals(NONE)) {
            return Optional.empty();
        }
        try {
            if (PointName.of(origin) instanceof SnapshotName snapshot) {
                return Optional.of(snapshot);
            }
        } catch (InvalidNameException e) {
            // told below
        }
        throw rows.unreadable("'" + origin + "' is no snapshot");
    }

    private static Optional<Dataset.Encryption> encryption(Rows rows, String root, String keyStatus)
            throws UnreadableException {
        if (root.equals(NONE)) {
            return Optional.empty();
        }
        return Optional.of(
                new Dataset.Encryption(rows.dataset(root), onOff(rows, keyStatus, "available", "unavailable")));
    }

    private static boolean onOff(Rows rows, String value, String yes, String no) throws UnreadableException {
        if (value.equals(yes)) {
            return true;
        }
        if (value.equals(no)) {
            return false;
        }
        throw rows.unreadable("'" + value + "' is neither " + yes + " nor " + no);
    }

    private static OptionalLong number(Rows rows, String value) throws UnreadableException {
        return value.equals(NONE) ? OptionalLong.empty() : OptionalLong.of(rows.bytes(value));
    }
}
