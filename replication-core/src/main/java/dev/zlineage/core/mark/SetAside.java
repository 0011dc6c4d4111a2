// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a swap of a target writes on its pool, version 1 of {@code docs/on-pool-format.md}. A value carries the GUID of the
 * dataset that it speaks of; read on another one, it was inherited or travelled, and does not count.
 */
public final class SetAside {

    /** The user property of a dataset that is to take another's place: {@code 1 <own GUID> <GUID to replace>}. */
    public static final String SWAP = "zlineage:swap";

    /** The user property of a dataset whose place was taken: {@code 1 <own GUID> <seconds since 1970>}. */
    public static final String ASIDE = "zlineage:aside";

    private static final String INCOMING = ".zl1-incoming";
    private static final String ASIDE_INFIX = ".zl1-aside-";

    private static final Pattern ASIDE_NAME = Pattern.compile(Pattern.quote(ASIDE_INFIX) + "[0-9a-f]{8}$");

    private SetAside() {}

    /**
     * Where what is to take a target's place is received.
     *
     * @param target the target
     * @return beside it
     */
    public static DatasetName incoming(DatasetName target) {
        return DatasetName.of(target.value() + INCOMING);
    }

    /**
     * Whose place a dataset is to take, by its name.
     *
     * @param name the name of any dataset
     * @return the target; empty where the name is not of that form
     */
    public static Optional<DatasetName> target(DatasetName name) {
        return name.value().endsWith(INCOMING)
                ? Optional.of(
                        DatasetName.of(name.value().substring(0, name.value().length() - INCOMING.length())))
                : Optional.empty();
    }

    /**
     * What a target is called when its place was taken.
     *
     * @param target its name
     * @param guid its own GUID
     * @return beside where it was
     */
    public static DatasetName aside(DatasetName target, Guid guid) {
        return DatasetName.of(target.value() + ASIDE_INFIX + guid.hex().substring(0, 8));
    }

    /**
     * Whether a name is that of a dataset whose place was taken.
     *
     * @param name the name of any dataset
     * @return true if it has that form
     */
    public static boolean isAside(DatasetName name) {
        return ASIDE_NAME.matcher(name.value()).find();
    }

    /**
     * The value of {@link #SWAP}.
     *
     * @param incoming the GUID of the dataset that carries it
     * @param target that of the one to replace
     * @return the value
     */
    public static String swap(Guid incoming, Guid target) {
        return "1 " + incoming.hex() + " " + target.hex();
    }

    /**
     * The value of {@link #ASIDE}.
     *
     * @param aside the GUID of the dataset that carries it
     * @param seconds since 1970
     * @return the value
     */
    public static String aside(Guid aside, long seconds) {
        return "1 " + aside.hex() + " " + seconds;
    }

    /**
     * Reads one of both values.
     *
     * @param value the property's value
     * @param own the GUID of the dataset that it was read on
     * @return its last part; empty where it speaks of another dataset, or is not of that form
     */
    public static Optional<String> read(String value, Guid own) {
        List<String> parts = List.of(value.split(" ", -1));
        return parts.size() == 3 && parts.get(0).equals("1") && parts.get(1).equals(own.hex())
                ? Optional.of(parts.get(2))
                : Optional.empty();
    }
}
