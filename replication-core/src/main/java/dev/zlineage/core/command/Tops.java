// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Scope;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Names to list, none of them twice: neither by itself nor below another. */
final class Tops {

    private Tops() {}

    static Set<DatasetName> of(Collection<DatasetName> names, Scope scope) {
        Set<DatasetName> distinct = new LinkedHashSet<>(names);
        if (scope == Scope.SELF) {
            return distinct;
        }
        Set<DatasetName> all = new HashSet<>(distinct);
        distinct.removeIf(name -> name.ancestors().stream().anyMatch(all::contains));
        return distinct;
    }

    /** Which datasets a listing of such names may show. */
    static Predicate<DatasetName> expected(Set<DatasetName> tops, Scope scope) {
        return scope == Scope.SELF
                ? tops::contains
                : name -> tops.contains(name) || name.ancestors().stream().anyMatch(tops::contains);
    }
}
