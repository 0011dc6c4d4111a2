// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** As whom {@code zfs} is run on a host. */
sealed interface Caller {

    /** Root, or by sudo or doas: {@code zfs allow} says nothing about it. */
    record Privileged() implements Caller {}

    /**
     * Somebody else.
     *
     * @param user as {@code zfs allow} prints the user
     * @param name the user's name, or the number where it has none
     * @param groups as {@code zfs allow} prints the groups
     */
    record Ordinary(String user, String name, Set<String> groups) implements Caller {}

    /**
     * It can't be told.
     *
     * @param why a sentence
     */
    record Unknown(String why) implements Caller {}

    Pattern USER = Pattern.compile("uid=(\\d+)(?:\\(([^)\\n]*)\\))? .*", Pattern.DOTALL);
    Pattern GROUP = Pattern.compile("(?:gid=|groups=|,)(\\d+)(?:\\(([^)\\n]*)\\))?");

    /**
     * Whether {@code id} speaks of the one that {@code zfs} is run as. Behind sudo it does not, nor behind a program of another
     * place, which may go to another host.
     */
    static boolean mayBeAsked(List<String> program) {
        String last = program.get(program.size() - 1);
        return program.size() == 1 && (last.equals("zfs") || last.endsWith("/sbin/zfs"));
    }

    static Caller unasked(List<String> program) {
        return program.size() > 1
                ? new Privileged()
                : new Unknown(
                        "as whom " + program.get(0) + " does its work is not known; that of zfs, or of a path that"
                                + " ends in /sbin/zfs, would be");
    }

    /** Understands {@code uid=1000(ann) gid=1000(ann) groups=1000(ann),27(backup)}, with or without names. */
    static Caller read(CommandOutcome outcome) {
        if (!(outcome instanceof CommandOutcome.Exited exited) || exited.exitCode() != 0) {
            return new Unknown("id did not tell who the user is");
        }
        Matcher user = USER.matcher(exited.stdout());
        if (!user.matches()) {
            return new Unknown(
                    "id did not tell who the user is, but '" + exited.stdout().strip() + "'");
        }
        if (user.group(1).equals("0")) {
            return new Privileged();
        }
        List<String> groups = new ArrayList<>();
        Matcher group = GROUP.matcher(exited.stdout());
        while (group.find()) {
            groups.add(printed(group.group(1), group.group(2)));
        }
        String name = user.group(2) == null ? user.group(1) : user.group(2);
        return new Ordinary(printed(user.group(1), user.group(2)), name, Set.copyOf(groups));
    }

    private static String printed(String number, @Nullable String name) {
        return name == null ? "(unknown: " + number + ")" : name;
    }
}
