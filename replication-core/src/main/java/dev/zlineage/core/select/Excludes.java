// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import java.util.Optional;

/**
 * Datasets of a tree that are left out, with everything below them, and what of that is taken in again. The same for replication
 * and for snapshots.
 *
 * <p>A pattern is the full name of a dataset, or a glob for full names: {@code *} is any text, slashes included, {@code ?} one
 * character, {@code [abc]} and {@code [!abc]} one of them or none of them. Upper and lower case differ.
 *
 * <p>A pattern holds from the highest dataset that it matches downwards, and the one that begins nearest to a dataset decides; of two
 * that begin at the same, the one that takes in. So {@code tank/a} left out and {@code tank/a/b} taken in again leave {@code tank/a/b}
 * and all below it, but for what a third pattern below that leaves out once more.
 * Immutable.
 */
public final class Excludes {

    private final NamePatterns out;
    private final NamePatterns again;
    private final Optional<DatasetName> system;

    /**
     * Takes patterns.
     *
     * @param patterns in any order; none to leave nothing out
     */
    public Excludes(List<String> patterns) {
        this(patterns, List.of());
    }

    /**
     * Takes patterns, and others for what is taken in again.
     *
     * @param patterns in any order; none to leave nothing out
     * @param again which datasets of those are not left out after all, with everything below them
     */
    public Excludes(List<String> patterns, List<String> again) {
        this(new NamePatterns(patterns), new NamePatterns(again), Optional.empty());
    }

    private Excludes(NamePatterns out, NamePatterns again, Optional<DatasetName> system) {
        this.out = out;
        this.again = again;
        this.system = system;
    }

    /**
     * What it was made of.
     *
     * @return the patterns of what is left out
     */
    public List<String> patterns() {
        return out.patterns();
    }

    /**
     * The same, and what an appliance keeps for itself below the root of a pool: {@code POOL/.system}.
     *
     * @param source the dataset that is replicated
     * @return these where the source is not the root of a pool
     */
    public Excludes andSystemDatasets(DatasetName source) {
        return source.parent().isPresent() ? this : new Excludes(out, again, Optional.of(source.child(".system")));
    }

    /**
     * Why a dataset is left out.
     *
     * @param dataset one that is
     * @return for a reader
     */
    public String why(DatasetName dataset) {
        return system.filter(own -> own.contains(dataset)).isPresent() ? "it is the system's own" : "it is excluded";
    }

    /**
     * Whether a dataset is left out.
     *
     * @param dataset its full name
     * @return true if the pattern that begins nearest to it is one of what is left out
     */
    public boolean leaveOut(DatasetName dataset) {
        return leaveOut(dataset.value());
    }

    private boolean leaveOut(String dataset) {
        int systems = system.map(DatasetName::value)
                .filter(own -> (dataset + "/").startsWith(own + "/"))
                .map(String::length)
                .orElse(0);
        if (again.patterns().isEmpty()) {
            return systems > 0 || out.match(dataset);
        }
        return again.nearest(dataset) < Math.max(systems, out.nearest(dataset));
    }

    /**
     * Whether a pattern can take in again something that is left out. That of a glob is judged by what it begins with, as far as it
     * can be told without knowing which datasets there are.
     *
     * @param pattern one of those for what is taken in again
     * @return false if it surely has no effect
     */
    public boolean canTakeIn(String pattern) {
        if (!isGlob(pattern)) {
            return new Excludes(out, new NamePatterns(List.of()), system).leaveOut(pattern);
        }
        String literal = pattern.substring(0, NamePatterns.wildcard(pattern));
        return out.patterns().stream().anyMatch(each -> isGlob(each) || meet(each, literal))
                || system.filter(own -> meet(own.value(), literal)).isPresent();
    }

    /** Whether names with this beginning can be that name, or lie below it. */
    private static boolean meet(String name, String beginning) {
        return (name + "/").startsWith(beginning) || beginning.startsWith(name + "/");
    }

    /**
     * Whether a pattern is about what lies below a dataset, and not about that itself: one that begins with its name and a slash, or
     * a glob that begins further above and may match further below, as {@code tank/?/tmp} does for {@code tank/a}.
     *
     * @param pattern a pattern
     * @param dataset what it would lie below
     * @return false if it is about something else
     */
    public static boolean isBelow(String pattern, DatasetName dataset) {
        String beginning = dataset + "/";
        return pattern.startsWith(beginning)
                || isGlob(pattern)
                        && beginning.startsWith(pattern.substring(0, NamePatterns.wildcard(pattern)))
                        && !new NamePatterns(List.of(pattern)).match(dataset.value());
    }

    /**
     * Whether a pattern can match other names than itself.
     *
     * @param pattern a pattern
     * @return true for a glob
     */
    public static boolean isGlob(String pattern) {
        return NamePatterns.isGlob(pattern);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Excludes that
                && patterns().equals(that.patterns())
                && again.patterns().equals(that.again.patterns())
                && system.equals(that.system);
    }

    @Override
    public int hashCode() {
        return patterns().hashCode();
    }

    @Override
    public String toString() {
        return patterns()
                + system.map(own -> " and " + own).orElse("")
                + (again.patterns().isEmpty() ? "" : " without " + again.patterns());
    }
}
