// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import org.jspecify.annotations.Nullable;

/** Reads a property, be it one that is set or one that the pool computes. */
final class PropertyReader {

    private PropertyReader() {}

    static Properties.Found read(FakeDataset dataset, String name) {
        if (NativeProperty.isUser(name) || !NativeProperty.of(name).isOf(dataset.kind())) {
            return dataset.properties().get(name);
        }
        return switch (name) {
            case "volsize" -> new Properties.Found(Long.toString(dataset.volumeSize()), "local");
            case "encryption" -> cipher(dataset);
            case "keyformat", "keylocation" -> key(dataset, name);
            default -> {
                if (NativeProperty.of(name).form() != NativeProperty.Form.COMPUTED) {
                    yield dataset.properties().get(name);
                }
                String value = computed(dataset, name);
                yield value == null ? Properties.Found.NONE : new Properties.Found(value, "-");
            }
        };
    }

    private static Properties.Found cipher(FakeDataset dataset) {
        Crypt crypt = dataset.crypt();
        return crypt == null ? new Properties.Found("off", "default") : new Properties.Found(crypt.cipher(), "-");
    }

    private static Properties.Found key(FakeDataset dataset, String name) {
        FakeDataset root = dataset.encryptionRoot();
        Crypt crypt = root == null ? null : root.crypt();
        WrappingKey key = crypt == null ? null : crypt.key();
        if (key == null) {
            return new Properties.Found("none", "default");
        }
        if (name.equals("keyformat")) {
            return new Properties.Found(key.format(), "-");
        }
        return root == dataset && !key.location().equals("none")
                ? new Properties.Found(key.location(), "local")
                : new Properties.Found("none", "default");
    }

    private static @Nullable String computed(FakeDataset dataset, String name) {
        FakeDataset root = dataset.encryptionRoot();
        FakeSnapshot origin = dataset.origin();
        PartialReceive partial = dataset.partial();
        return switch (name) {
            case "type" -> dataset.kind() == DatasetKind.FILESYSTEM ? "filesystem" : "volume";
            case "creation" -> Long.toString(dataset.creation());
            case "used" -> Long.toString(dataset.used());
            case "available" -> Long.toString(dataset.available());
            case "referenced" -> Long.toString(dataset.timeline().live().referenced());
            case "written" -> Long.toString(dataset.timeline().written());
            case "guid" -> Long.toUnsignedString(dataset.guid());
            case "createtxg" -> Long.toString(dataset.createtxg());
            case "origin" -> origin == null ? null : origin.name().toString();
            case "encryptionroot" -> root == null ? null : root.name().value();
            case "keystatus" -> root == null ? null : dataset.isOpen() ? "available" : "unavailable";
            case "receive_resume_token" ->
                partial == null ? null : partial.token().value();
            case "snapshots_changed" ->
                dataset.snapshotsChanged().isEmpty()
                        ? null
                        : Long.toString(dataset.snapshotsChanged().getAsLong());
            case "snapshot_count" -> CountLimits.count(dataset, "snapshot_limit");
            case "filesystem_count" -> CountLimits.count(dataset, "filesystem_limit");
            case "mounted" -> dataset.isMounted() ? "yes" : "no";
            default -> throw new UnsupportedOperationException("FakeZfs does not model the property " + name);
        };
    }
}
