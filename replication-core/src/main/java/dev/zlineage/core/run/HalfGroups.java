// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.run;

import dev.zlineage.core.zfs.DatasetName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Datasets that share a key on the target, of which a run brought only some. After {@code zfs change-key} on the source each stream
 * brings the dataset's own key wrapped by the new one, so that what has it and what has not can't both be opened. Whether the key was
 * changed can't be seen.
 *
 * @param root of their key
 * @param results how each of them ended
 */
record HalfGroups(DatasetName root, List<DatasetResult> results) {

    /** What has to be known of each such group, with the names of what may not be readable. */
    static List<String> warnings(Map<DatasetName, DatasetName> keyRoots, List<DatasetResult> all) {
        Map<DatasetName, List<DatasetResult>> groups = all.stream()
                .filter(result -> keyRoots.containsKey(result.target()))
                .collect(Collectors.groupingBy(
                        result -> keyRoots.getOrDefault(result.target(), result.target()),
                        TreeMap::new,
                        Collectors.toList()));
        List<String> warnings = new ArrayList<>();
        groups.forEach(
                (root, results) -> new HalfGroups(root, results).warning().ifPresent(warnings::add));
        return warnings;
    }

    private Optional<String> warning() {
        List<DatasetResult> missing = which(HalfGroups::isMissing);
        if (missing.isEmpty() || which(HalfGroups::brought).isEmpty()) {
            return Optional.empty();
        }
        Optional<DatasetResult> top =
                results.stream().filter(r -> r.target().equals(root)).findFirst();
        boolean newKey = top.filter(HalfGroups::brought).isPresent();
        boolean whole = top.filter(r -> !isMissing(r)).isPresent();
        List<DatasetResult> affected = !newKey
                ? which(HalfGroups::brought) // wrapped by a key that the root does not have yet
                : whole ? missing : which(r -> !r.target().equals(root) && (brought(r) || isMissing(r)));
        return affected.isEmpty()
                ? Optional.empty()
                : Optional.of(names(affected)
                        + " may not be readable on the target until the rest of what shares the key of "
                        + root + " arrives, if that key was changed on the source (zfs change-key): " + names(missing)
                        + (missing.size() == 1 ? " is" : " are")
                        + " missing. Nothing is lost, and the next run tries all of it");
    }

    private List<DatasetResult> which(Predicate<DatasetResult> like) {
        return results.stream().filter(like).toList();
    }

    private static boolean brought(DatasetResult result) {
        return !result.arrived().isEmpty();
    }

    private static boolean isMissing(DatasetResult result) {
        return result.outcome() instanceof DatasetResult.Outcome.Failed
                || result.outcome() instanceof DatasetResult.Outcome.Refused
                || result.outcome() instanceof DatasetResult.Outcome.Cancelled;
    }

    private static String names(List<DatasetResult> results) {
        return results.stream().map(r -> r.target().value()).collect(Collectors.joining(", "));
    }
}
