// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import dev.zlineage.core.zfs.DatasetName;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * Where the sources of one task go. One source becomes the target itself. Several go below it, each by its path below what all
 * their names begin with: {@code tank/a} and {@code tank/b/c} into {@code backup} become {@code backup/a} and {@code backup/b/c};
 * sources of two pools have nothing in common, and keep the names of their pools. A source that has a target of its own goes there.
 *
 * @param targets by source, in the order of their names
 */
public record SourceMapping(SortedMap<DatasetName, DatasetName> targets) {

    /**
     * Maps sources.
     *
     * @param sources at least one
     * @param target of the task
     * @return where each goes
     * @throws dev.zlineage.core.zfs.InvalidNameException if a name becomes too long
     */
    public static SourceMapping of(List<DatasetName> sources, DatasetName target) {
        return of(sources, Optional.of(target), Map.of());
    }

    /**
     * Maps sources, of which some have a target of their own. That moves none of the others.
     *
     * @param sources at least one
     * @param target of the task; without it, a source that has none of its own goes nowhere
     * @param own by source
     * @return where each goes
     * @throws dev.zlineage.core.zfs.InvalidNameException if a name becomes too long
     */
    public static SourceMapping of(
            List<DatasetName> sources, Optional<DatasetName> target, Map<DatasetName, DatasetName> own) {
        SortedMap<DatasetName, DatasetName> targets = new TreeMap<>();
        int common = common(sources);
        for (DatasetName source : sources) {
            Optional.ofNullable(own.get(source))
                    .or(() -> target.map(below -> DatasetName.of(byItsPath(source, common, below.value()))))
                    .ifPresent(to -> targets.put(source, to));
        }
        return new SourceMapping(targets);
    }

    /** The same by names that need not be good ones. */
    static Map<DatasetName, String> names(Collection<DatasetName> sources, String target) {
        int common = common(sources);
        return sources.stream()
                .collect(Collectors.toMap(source -> source, source -> byItsPath(source, common, target)));
    }

    private static int common(Collection<DatasetName> sources) {
        return sources.stream()
                .map(SourceMapping::words)
                .reduce(SourceMapping::commonBeginning)
                .map(words -> words.length)
                .orElse(0);
    }

    private static String byItsPath(DatasetName source, int common, String target) {
        String[] words = words(source);
        StringBuilder name = new StringBuilder(target);
        for (String word : Arrays.copyOfRange(words, common, words.length)) {
            name.append('/').append(word);
        }
        return name.toString();
    }

    private static String[] words(DatasetName name) {
        return name.value().split("/", -1);
    }

    private static String[] commonBeginning(String[] one, String[] other) {
        int same = Arrays.mismatch(one, other);
        return same < 0 ? one : Arrays.copyOf(one, same);
    }

    /**
     * What can't be, and the source that would have to go elsewhere.
     *
     * @param source whose target it is about
     * @param what is wrong, for a message
     */
    record Overlap(DatasetName source, String what) {}

    /** Whether, on one host, a source and a target are the same or one lies within the other. */
    Optional<Overlap> overlap() {
        for (DatasetName source : targets.keySet()) {
            for (Map.Entry<DatasetName, DatasetName> each : targets.entrySet()) {
                DatasetName to = each.getValue();
                if (source.contains(to)) {
                    String what = to + ", where " + each.getKey() + " goes, "
                            + (source.equals(to) ? "is a source" : "lies inside the source " + source);
                    return Optional.of(new Overlap(each.getKey(), what));
                }
                if (to.contains(source)) {
                    String what = "the source " + source + " lies inside " + to + ", where " + each.getKey() + " goes";
                    return Optional.of(new Overlap(each.getKey(), what));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Whether two sources go to one target, or one into the target of the other, unless it lies in that one itself at this place, or
     * that one brings nothing there.
     *
     * @param leavesOut whether the replication of a source leaves out what would be this one below it
     */
    Optional<Overlap> collision(BiPredicate<DatasetName, DatasetName> leavesOut) {
        for (Map.Entry<DatasetName, DatasetName> one : targets.entrySet()) {
            for (Map.Entry<DatasetName, DatasetName> other : targets.entrySet()) {
                DatasetName to = one.getValue();
                DatasetName above = other.getValue();
                if (!one.getKey().equals(other.getKey())
                        && above.contains(to)
                        && !goesAlong(one, other)
                        && !free(to, other, leavesOut)) {
                    String what = to.equals(above)
                            ? other.getKey() + " goes there too"
                            : "it lies inside " + above + ", where " + other.getKey() + " goes";
                    return Optional.of(new Overlap(one.getKey(), what));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean free(
            DatasetName to,
            Map.Entry<DatasetName, DatasetName> above,
            BiPredicate<DatasetName, DatasetName> leavesOut) {
        if (to.equals(above.getValue())
                || to.bytes() - above.getValue().bytes() + above.getKey().bytes() > DatasetName.MAX_BYTES) {
            return false;
        }
        return leavesOut.test(above.getKey(), to.rebase(above.getValue(), above.getKey()));
    }

    /**
     * The sources in the order in which they are to be sent: by their names, but for a target that lies in another one, which comes
     * after it. Before it, something empty would have to be put in the place of that one.
     *
     * @return each with its target
     */
    public Set<Map.Entry<DatasetName, DatasetName>> outerFirst() {
        Set<Map.Entry<DatasetName, DatasetName>> order = new LinkedHashSet<>();
        for (Map.Entry<DatasetName, DatasetName> each : targets.entrySet()) {
            targets.entrySet().stream()
                    .filter(other -> other.getValue().contains(each.getValue()))
                    .sorted(Map.Entry.comparingByValue())
                    .forEach(order::add);
        }
        return order;
    }

    /**
     * Whether a source lies in another one, and its target at the same place of that one's target.
     *
     * @param one the source with its target
     * @param above the other
     * @return true if a replication of all below the other brings it there as well
     */
    static boolean goesAlong(Map.Entry<DatasetName, DatasetName> one, Map.Entry<DatasetName, DatasetName> above) {
        return above.getKey().contains(one.getKey())
                && one.getValue()
                        .value()
                        .equals(above.getValue()
                                + one.getKey().value().substring(above.getKey().bytes()));
    }

    /**
     * Whether another source brings a source along, if everything below it is replicated.
     *
     * @param source one of these
     * @return true if it lies in another one, and its target at the same place of that one's target
     */
    public boolean withinAnother(DatasetName source) {
        return targets.entrySet().stream()
                .filter(one -> one.getKey().equals(source))
                .anyMatch(one -> targets.entrySet().stream()
                        .anyMatch(above -> !above.getKey().equals(source) && goesAlong(one, above)));
    }
}
