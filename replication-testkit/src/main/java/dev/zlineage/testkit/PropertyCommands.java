// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Effect;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.ZfsCommand;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading and setting of properties. */
final class PropertyCommands {

    private final FakeHost host;

    PropertyCommands(FakeHost host) {
        this.host = host;
    }

    void register(Commands commands) {
        commands.on(ZfsCommand.GetProperties.class, this::get);
        commands.on(
                ZfsCommand.ListLocalProperties.class,
                command -> host.dataset(command.dataset()).properties().local());
        commands.on(ZfsCommand.SetProperties.class, this::set);
        commands.on(ZfsCommand.InheritProperty.class, this::inherit);
    }

    private List<PropertyValue> get(ZfsCommand.GetProperties command) {
        List<PropertyValue> found = new ArrayList<>();
        if (command.properties().contains("snapshots_changed") && !host.tellsTimes()) {
            throw new Refusal(Kind.INVALID, "bad property list: invalid property 'snapshots_changed'");
        }
        for (DatasetName name : command.names()) {
            FakeDataset dataset = host.dataset(name);
            for (String property : command.properties()) {
                Properties.Found value = PropertyReader.read(dataset, property);
                found.add(new PropertyValue(name, property, value.value(), value.source()));
            }
        }
        return List.copyOf(found);
    }

    private Effect set(ZfsCommand.SetProperties command) {
        FakeDataset dataset = host.dataset(command.dataset());
        Map<String, String> checked;
        try {
            checked = checked(dataset, command.properties());
        } catch (Refusal e) {
            throw new Refusal(e.kind(), "cannot set property for '" + dataset.name() + "': " + e.text());
        }
        dataset.pool().nextTxg();
        checked.forEach((name, value) -> set(dataset, name, value));
        return Effect.DONE;
    }

    private static Map<String, String> checked(FakeDataset dataset, Map<String, String> properties) {
        Map<String, String> checked = new LinkedHashMap<>();
        properties.forEach((name, value) -> {
            if (!NativeProperty.isUser(name) && NativeProperty.of(name).form() == NativeProperty.Form.AT_CREATION) {
                throw new Refusal(Kind.INVALID, "'" + name + "' is readonly");
            }
            checked.put(name, dataset.properties().checked(name, value));
        });
        requireLarger(checked.get("quota"), dataset.used());
        requireLarger(checked.get("refquota"), dataset.timeline().live().referenced());
        return checked;
    }

    private static void requireLarger(@Nullable String quota, long taken) {
        if (quota != null && !quota.equals("0") && Long.parseLong(quota) < taken) {
            throw new Refusal(Kind.INVALID, "size is less than current used or reserved space");
        }
    }

    private static void set(FakeDataset dataset, String name, String value) {
        switch (name) {
            case "volsize" -> dataset.volumeSize(Long.parseLong(value));
            case "keylocation" -> relocate(dataset, value);
            case "mountpoint", "canmount" -> {
                dataset.properties().set(name, value);
                remount(dataset);
            }
            default -> dataset.properties().set(name, value);
        }
    }

    /** What was mounted is mounted at its new place, or not at all. */
    private static void remount(FakeDataset dataset) {
        dataset.walk(each -> {
            if (each.kind() == DatasetKind.FILESYSTEM && each.isMounted()) {
                boolean noauto = each.properties().get("canmount").value().equals("noauto");
                if (!noauto) {
                    each.mountAsItsPropertiesSay();
                }
            }
        });
    }

    private static void relocate(FakeDataset dataset, String location) {
        Crypt crypt = dataset.crypt();
        WrappingKey key = crypt == null ? null : crypt.key();
        if (crypt == null || key == null) {
            throw new Refusal(Kind.INVALID, "keylocation can only be set on an encryption root");
        }
        crypt.key(key.at(location));
    }

    private Effect inherit(ZfsCommand.InheritProperty command) {
        FakeDataset dataset = host.dataset(command.dataset());
        dataset.properties().inherit(command.property());
        dataset.pool().nextTxg();
        return Effect.DONE;
    }
}
