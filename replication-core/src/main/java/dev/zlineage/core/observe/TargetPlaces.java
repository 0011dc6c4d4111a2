// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.observe;

import dev.zlineage.core.mark.SetAside;
import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.InvalidNameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where on a target's host something is looked for. */
final class TargetPlaces {

    private TargetPlaces() {}

    /** The target, and where a dataset is received that is to take its place. */
    static List<DatasetName> roots(DatasetName target) {
        List<DatasetName> roots = new ArrayList<>(List.of(target));
        beside(target).ifPresent(roots::add);
        return roots;
    }

    /** What lies above it, and beside that. */
    static List<DatasetName> above(DatasetName target) {
        List<DatasetName> above = new ArrayList<>(target.ancestors());
        target.ancestors().stream()
                .filter(name -> name.parent().isPresent())
                .forEach(name -> beside(name).ifPresent(above::add));
        return above;
    }

    private static Optional<DatasetName> beside(DatasetName name) {
        try {
            return name.parent().isEmpty() ? Optional.empty() : Optional.of(SetAside.incoming(name));
        } catch (InvalidNameException e) {
            return Optional.empty(); // too long to be there
        }
    }
}
