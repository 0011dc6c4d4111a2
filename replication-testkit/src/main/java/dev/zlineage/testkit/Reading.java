// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.FileTree;
import dev.zlineage.core.zfs.SnapshotContents;
import dev.zlineage.core.zfs.VolumePieces;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a snapshot, and finds damaged blocks by that. */
final class Reading {

    private static final int FOLDER_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private final FakeHost host;

    private Reading(FakeHost host) {
        this.host = host;
    }

    static SnapshotContents of(FakeHost host, FakeSnapshot snapshot) {
        Reading reading = new Reading(host);
        return snapshot.owner().kind() == DatasetKind.VOLUME
                ? reading.volume(snapshot)
                : reading.filesystem(snapshot.contents());
    }

    private FileTree filesystem(Contents contents) {
        FileTree.Builder tree = new FileTree.Builder();
        for (String folder : contents.folders()) {
            tree.add(folder, FileTree.Kind.FOLDER, FOLDER_MODE, 0, 0, 0, Instant.EPOCH, "");
        }
        SortedMap<String, Block> files = contents.files();
        files.forEach((path, block) ->
                tree.add(path, FileTree.Kind.FILE, FILE_MODE, 0, 0, block.bytes().length, Instant.EPOCH, ""));
        files.forEach((path, block) -> {
            if (!host.isDamaged(block)) {
                tree.digest(path, Digests.sha256(block.bytes()));
            }
        });
        return tree.build();
    }

    /** A region whose name is a number lies there, every other one in the first piece. */
    private VolumePieces volume(FakeSnapshot snapshot) {
        long size = snapshot.owner().volumeSize();
        long piece = VolumePieces.pieceSize(size);
        Map<Integer, List<Map.Entry<String, Block>>> regions = new TreeMap<>();
        for (Map.Entry<String, Block> region : snapshot.contents().files().entrySet()) {
            long offset = region.getKey().matches("\\d{1,18}") ? Long.parseLong(region.getKey()) : 0;
            regions.computeIfAbsent((int) (Math.min(offset, size - 1) / piece), p -> new ArrayList<>())
                    .add(region);
        }
        List<String> digests = new ArrayList<>();
        for (int i = 0; i < (size + piece - 1) / piece; i++) {
            Optional<String> digest = digest(regions.getOrDefault(i, List.of()));
            if (digest.isEmpty()) {
                return new VolumePieces(size, digests, OptionalLong.of(i * piece));
            }
            digests.add(digest.get());
        }
        return new VolumePieces(size, digests, OptionalLong.empty());
    }

    private Optional<String> digest(List<Map.Entry<String, Block>> regions) {
        MessageDigest digest = Digests.sha256();
        for (Map.Entry<String, Block> region : regions) {
            if (host.isDamaged(region.getValue())) {
                return Optional.empty();
            }
            digest.update(region.getKey().getBytes(StandardCharsets.UTF_8));
            digest.update(region.getValue().bytes());
        }
        return Optional.of(HexFormat.of().formatHex(digest.digest()));
    }
}
