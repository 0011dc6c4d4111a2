// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.testkit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A user of a fake host who is not root.
 *
 * @param name the user's name
 * @param groups names of groups, the user's own among them
 */
record FakeUser(String name, List<String> groups) {

    /** Whether what was granted so is granted to this user. */
    boolean is(String who) {
        return who.equals("everyone")
                || who.equals("user " + name)
                || who.startsWith("group ") && groups.contains(who.substring(6));
    }

    /** What {@code id} prints. */
    String id() {
        String all = IntStream.range(0, groups.size())
                .mapToObj(i -> 1000 + i + "(" + groups.get(i) + ")")
                .collect(Collectors.joining(","));
        return "uid=1000(" + name + ") gid=1000(" + groups.get(0) + ") groups=" + all;
    }
}
