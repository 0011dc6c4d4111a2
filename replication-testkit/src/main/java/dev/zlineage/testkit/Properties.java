// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import dev.zlineage.core.zfs.DatasetKind;
import dev.zlineage.core.zfs.ZfsFailure.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties that were set on one dataset, and what they mean for it and for those below it. */
final class Properties {

    /** A value and where it comes from. */
    record Found(String value, String source) {
        static final Found NONE = new Found("-", "-");
    }

    private final FakeDataset owner;
    private Map<String, String> local = Map.of();
    private Map<String, String> received = Map.of();
    /** Received values that {@code zfs inherit} hides. */
    private Set<String> hidden = Set.of();

    private boolean everReceived;

    Properties(FakeDataset owner) {
        this.owner = owner;
    }

    /** Refuses what can't be set on a dataset of that kind; answers the value in the form that is kept. */
    String checked(String name, String value) {
        if (NativeProperty.isUser(name)) {
            if (!NativeProperty.isWellFormed(name)) {
                throw new Refusal(Kind.INVALID, "invalid property '" + name + "'");
            }
            return value;
        }
        NativeProperty property = NativeProperty.of(name);
        if (!property.isOf(owner.kind())) {
            throw new Refusal(Kind.INVALID, "'" + name + "' does not apply to datasets of this type");
        }
        return property.normal(value);
    }

    void set(String name, String value) {
        if (local.isEmpty()) {
            local = new HashMap<>();
        }
        local.put(name, checked(name, value));
    }

    void receive(String name, String value) {
        if (received.isEmpty()) {
            received = new HashMap<>();
        }
        received.put(name, checked(name, value));
        hidden.remove(name);
    }

    /**
     * Takes what came with a stream in the place of what came with the one before. What is excluded is kept out of sight from
     * then on, whether it came or not; where it can't be inherited, it is not kept at all.
     */
    void receive(Map<String, String> all, Set<String> exclude) {
        Map<String, String> arrived = new HashMap<>();
        all.forEach((name, value) -> {
            if (!exclude.contains(name) || isInherited(name)) {
                arrived.put(name, checked(name, value));
            }
        });
        Set<String> unseen = new HashSet<>(hidden);
        exclude.stream()
                .filter(name -> isInherited(name) && !local.containsKey(name))
                .forEach(unseen::add);
        received = arrived;
        hidden = unseen;
        everReceived = true;
    }

    private static boolean isInherited(String name) {
        return NativeProperty.isUser(name) || NativeProperty.of(name).inherits();
    }

    /** Whether any ever came with a stream. */
    boolean wereReceived() {
        return everReceived;
    }

    /** What was set is gone. */
    void forget() {
        local = Map.of();
    }

    void inherit(String name) {
        if (!NativeProperty.isUser(name) && !NativeProperty.of(name).inherits()) {
            throw new Refusal(Kind.INVALID, "'" + name + "' property cannot be inherited");
        }
        if (!local.isEmpty()) {
            local.remove(name);
        }
        if (received.containsKey(name)) {
            if (hidden.isEmpty()) {
                hidden = new HashSet<>();
            }
            hidden.add(name);
        }
    }

    /** What was set on the dataset itself. */
    Map<String, String> local() {
        Map<String, String> all = new HashMap<>(local);
        if (owner.kind() == DatasetKind.VOLUME) {
            all.put("volsize", Long.toString(owner.volumeSize()));
        }
        return Map.copyOf(all);
    }

    /** What is in effect of its own, set or received. */
    Map<String, String> own() {
        Map<String, String> all = new HashMap<>(received);
        all.keySet().removeAll(hidden);
        all.putAll(local);
        return Map.copyOf(all);
    }

    /** What {@code zfs get} shows. Properties that the pool computes are not for here. */
    Found get(String name) {
        boolean user = NativeProperty.isUser(name);
        if (!user && !NativeProperty.of(name).isOf(owner.kind())) {
            return Found.NONE;
        }
        Found own = own(name);
        if (own != null) {
            return own;
        }
        if (user || NativeProperty.of(name).inherits()) {
            for (FakeDataset above = owner.parent(); above != null; above = above.parent()) {
                Found theirs = above.properties().own(name);
                if (theirs != null) {
                    return new Found(seenFrom(above, name, theirs.value()), "inherited from " + above.name());
                }
            }
        }
        if (user) {
            return Found.NONE;
        }
        String standard = name.equals("mountpoint")
                ? "/" + owner.name()
                : NativeProperty.of(name).standardIn(owner.pool().version());
        return new Found(standard, "default");
    }

    private @Nullable Found own(String name) {
        String value = local.get(name);
        if (value != null) {
            return new Found(value, "local");
        }
        value = hidden.contains(name) ? null : received.get(name);
        return value == null ? null : new Found(value, "received");
    }

    /** Mount points are inherited with the path below. */
    private String seenFrom(FakeDataset above, String name, String value) {
        if (!name.equals("mountpoint") || !value.startsWith("/")) {
            return value;
        }
        String below = owner.name().value().substring(above.name().value().length());
        return value.equals("/") ? below : value + below;
    }

    boolean isOn(String name) {
        return get(name).value().equals("on");
    }

    long number(String name) {
        return Long.parseLong(get(name).value());
    }
}
