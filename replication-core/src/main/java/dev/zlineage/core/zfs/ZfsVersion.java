// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of OpenZFS on a host.
 *
 * @param major first number
 * @param minor second number
 * @param patch third number, 0 when there is none
 */
public record ZfsVersion(int major, int minor, int patch) {

    private static final Pattern NUMBERS = Pattern.compile("(?:zfs-)?(\\d+)\\.(\\d+)(?:\\.(\\d+))?.*");

    /**
     * Reads a version.
     *
     * @param text such as {@code 2.3.2} or {@code zfs-2.3.2-2~bpo12+2}
     * @return the version
     * @throws IllegalArgumentException if the text holds none
     */
    public static ZfsVersion parse(String text) {
        Matcher matcher = NUMBERS.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no version of OpenZFS");
        }
        String patch = matcher.group(3);
        return new ZfsVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch));
    }

    /**
     * Whether this is the given version or a later one.
     *
     * @param wantedMajor first number
     * @param wantedMinor second number
     * @return true from that version on
     */
    public boolean atLeast(int wantedMajor, int wantedMinor) {
        return major != wantedMajor ? major > wantedMajor : minor >= wantedMinor;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
