// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import dev.zlineage.core.select.InvalidRequestException.Problem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which properties the targets of a replication get. What a dataset does not have, such as {@code mountpoint} a volume, is
 * neither set on it nor excluded from its streams.
 *
 * @param send whether the properties that the source has of its own go along with the streams, as do the user properties of
 *     its snapshots. Not those that it inherits
 * @param exclude properties that are not taken from the streams. So are, unless they are set or let through, those by which a
 *     copy would get in the way of what it is a copy of: {@link #GUARDED}
 * @param set properties that are set on each target with each stream, whether or not others go along
 * @param letThrough those of {@link #GUARDED} that are taken all the same, where no copy can meet its source
 */
public record PropertyChoice(boolean send, Set<String> exclude, Map<String, String> set, Set<String> letThrough) {

    /** None go along, none are set. */
    public static final PropertyChoice NONE = new PropertyChoice(false, Set.of(), Map.of());

    /** All go along, but for {@link #GUARDED}. */
    public static final PropertyChoice ALL = new PropertyChoice(true, Set.of(), Map.of());

    /**
     * A copy that took these would be mounted over the source, or shared under its name. They are excluded unless they are
     * set or let through.
     */
    public static final Set<String> GUARDED = Set.of("mountpoint", "sharenfs", "sharesmb");

    /** Decided by the data of a dataset when it comes into being: a receive refuses them. */
    private static final Set<String> GIVEN =
            Set.of("volsize", "volblocksize", "casesensitivity", "normalization", "utf8only");

    private static final Set<String> OF_ENCRYPTION = Set.of("encryption", "keyformat", "keylocation", "pbkdf2iters");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9:_.\\-]{0,254}");

    private static final String OURS = "zlineage:";

    /** Copies the collections, in the order of names. */
    public PropertyChoice {
        exclude = Collections.unmodifiableSet(new TreeSet<>(exclude));
        set = Collections.unmodifiableMap(new TreeMap<>(set));
        letThrough = Collections.unmodifiableSet(new TreeSet<>(letThrough));
    }

    /**
     * A choice that lets nothing through of what is guarded.
     *
     * @param send whether properties go along
     * @param exclude which of them are not taken
     * @param set what is set on the targets
     */
    public PropertyChoice(boolean send, Set<String> exclude, Map<String, String> set) {
        this(send, exclude, set, Set.of());
    }

    /**
     * The same, with the {@code mountpoint} or the shares of the source. A copy that is mounted when its host starts, or whose
     * source is on the same host, then takes the source's place.
     *
     * @param names of {@link #GUARDED}
     * @return a changed copy
     */
    public PropertyChoice letThrough(Set<String> names) {
        return new PropertyChoice(send, exclude, set, names);
    }

    /**
     * What is not taken from streams that carry properties, whatever is set.
     *
     * @return names in order
     */
    public Set<String> notTaken() {
        Set<String> names = new TreeSet<>(exclude);
        GUARDED.stream().filter(name -> !letThrough.contains(name)).forEach(names::add);
        return names;
    }

    /** Appends what can't be meant. */
    void check(boolean recursive, ReadonlyPolicy readonly, List<Problem> problems) {
        for (String name : exclude) {
            if (!NAME.matcher(name).matches()) {
                problems.add(problem("exclude", name, "is no name of a property"));
            } else if (set.containsKey(name)) {
                problems.add(problem("exclude", name, "is set as well; say one of the two"));
            } else if (GIVEN.contains(name)) {
                problems.add(problem("exclude", name, "comes with the data and can't be left out"));
            }
        }
        for (String name : letThrough) {
            if (!GUARDED.contains(name)) {
                problems.add(problem(
                        "letThrough",
                        name,
                        "is not held back; only " + String.join(", ", new TreeSet<>(GUARDED)) + " are"));
            } else if (exclude.contains(name) || set.containsKey(name)) {
                problems.add(problem("letThrough", name, "is excluded or set as well; say one of them"));
            } else if (!send) {
                problems.add(problem("letThrough", name, "does not come: no properties are sent"));
            }
        }
        set.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                problems.add(problem("set", name, "is no name of a property"));
            } else if (GIVEN.contains(name) || name.equals("origin")) {
                problems.add(problem("set", name, "comes with the data and can't be set"));
            } else if (OF_ENCRYPTION.contains(name)) {
                problems.add(
                        problem("set", name, "can't be set: a target is encrypted as its source or its parent is"));
            } else if (name.startsWith(OURS)) {
                problems.add(problem("set", name, "is for zlineage's own use"));
            } else if (name.equals("readonly") && readonly != ReadonlyPolicy.IGNORE) {
                problems.add(problem("set", name, "is what the readonly policy sets; set the policy to ignore"));
            } else if (name.equals("mountpoint") && recursive && value.startsWith("/")) {
                problems.add(problem("set", name, "would mount the whole tree in one place; set it to none or legacy"));
            }
        });
    }

    private static Problem problem(String field, String name, String what) {
        return new Problem("properties." + field, "'" + name + "' " + what);
    }
}
