// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.zfs.DatasetName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Datasets of a tree that are left out, with everything below them. The same for replication and for snapshots.
 *
 * <p>A pattern is the full name of a dataset, or a glob for full names: {@code *} is any text, slashes included, {@code ?} one
 * character, {@code [abc]} and {@code [!abc]} one of them or none of them. Upper and lower case differ.
 * Immutable.
 */
public final class Excludes {

    private final List<String> patterns;
    private final Optional<DatasetName> system;
    private final Set<String> names;
    private final List<Pattern> globs;

    /**
     * Takes patterns.
     *
     * @param patterns in any order; none to leave nothing out
     */
    public Excludes(List<String> patterns) {
        this(patterns, Optional.empty());
    }

    private Excludes(List<String> patterns, Optional<DatasetName> system) {
        this.patterns = List.copyOf(patterns);
        this.system = system;
        this.names = Set.copyOf(patterns);
        this.globs =
                patterns.stream().filter(Excludes::isGlob).map(Excludes::glob).toList();
    }

    /**
     * What it was made of.
     *
     * @return the patterns
     */
    public List<String> patterns() {
        return patterns;
    }

    /**
     * The same, and what an appliance keeps for itself below the root of a pool: {@code POOL/.system}.
     *
     * @param source the dataset that is replicated
     * @return these where the source is not the root of a pool
     */
    public Excludes andSystemDatasets(DatasetName source) {
        return source.parent().isPresent() ? this : new Excludes(patterns, Optional.of(source.child(".system")));
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
     * @return true if it or one above it matches a pattern
     */
    public boolean leaveOut(DatasetName dataset) {
        if (system.filter(own -> own.contains(dataset)).isPresent()) {
            return true;
        }
        for (Optional<DatasetName> at = Optional.of(dataset);
                at.isPresent();
                at = at.get().parent()) {
            String name = at.get().value();
            if (names.contains(name)
                    || globs.stream().anyMatch(glob -> glob.matcher(name).matches())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a pattern can match other names than itself.
     *
     * @param pattern a pattern
     * @return true for a glob
     */
    public static boolean isGlob(String pattern) {
        return pattern.indexOf('*') >= 0 || pattern.indexOf('?') >= 0 || pattern.indexOf('[') >= 0;
    }

    /** A bracket that is never closed is meant literally, as a shell takes it. */
    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            int close = c == '[' ? pattern.indexOf(']', i + (pattern.startsWith("[!", i) ? 3 : 2)) : -1;
            if (close > 0) {
                boolean not = pattern.charAt(i + 1) == '!';
                String set = pattern.substring(i + (not ? 2 : 1), close);
                regex.append(not ? "[^" : "[")
                        .append(set.replaceAll("([\\\\\\[\\]^&])", "\\\\$1"))
                        .append(']');
                i = close;
            } else if (c == '*') {
                regex.append(".*");
            } else {
                regex.append(c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Excludes that && patterns.equals(that.patterns) && system.equals(that.system);
    }

    @Override
    public int hashCode() {
        return patterns.hashCode();
    }

    @Override
    public String toString() {
        return patterns + system.map(own -> " and " + own).orElse("");
    }
}
