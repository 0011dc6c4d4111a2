// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.it.differential;

import dev.zlineage.core.zfs.DatasetName;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gives every name in a value another place, however deep it is. Texts count as names where they begin with one. */
record Renaming(Map<DatasetName, DatasetName> places) {

    Renaming inverse() {
        Map<DatasetName, DatasetName> back = new LinkedHashMap<>();
        places.forEach((from, to) -> back.put(to, from));
        return new Renaming(back);
    }

    @SuppressWarnings("unchecked") // a copy is of the same class
    <T> T of(T value) {
        return (T) copy(value);
    }

    private Object copy(Object value) {
        if (value instanceof DatasetName name) {
            return places.keySet().stream()
                    .filter(place -> name.equals(place) || place.contains(name))
                    .findFirst()
                    .<Object>map(place -> name.rebase(place, places.get(place)))
                    .orElse(name);
        }
        if (value instanceof String text) {
            String changed = text;
            for (Map.Entry<DatasetName, DatasetName> place : places.entrySet()) {
                changed =
                        changed.replace(place.getKey().value(), place.getValue().value());
            }
            return changed;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(copy(each)));
            return copy;
        }
        if (value instanceof Set<?> set) {
            Set<Object> copy = new LinkedHashSet<>();
            set.forEach(each -> copy.add(copy(each)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, each) -> copy.put(copy(key), copy(each)));
            return copy;
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(this::copy);
        }
        return value instanceof Record given ? record(given) : value;
    }

    private Object record(Record given) {
        RecordComponent[] components = given.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                var accessor = components[i].getAccessor();
                accessor.setAccessible(true);
                values[i] = copy(accessor.invoke(given));
            }
            var constructor = given.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot copy " + given, e);
        }
    }
}
