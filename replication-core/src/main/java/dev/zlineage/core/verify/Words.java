// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.verify;

import dev.zlineage.core.verify.Difference.Aspect;
import dev.zlineage.core.verify.SnapshotVerdict.Outcome;
import dev.zlineage.core.zfs.SnapshotName;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What text and JSON say alike. */
final class Words {

    private static final char FIRST_BYTE = 0xdc80;
    private static final char LAST_BYTE = 0xdcff;

    private Words() {}

    /** A path in one line of ASCII and letters; every other byte, and the backslash, as {@code \xNN}. The root is a point. */
    static String path(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        StringBuilder shown = new StringBuilder(path.length());
        path.codePoints().forEach(c -> {
            boolean stray = c >= FIRST_BYTE && c <= LAST_BYTE;
            if (stray || c == '\\' || c < ' ' || c == 0x7f) {
                shown.append(String.format("\\x%02x", c & 0xff));
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u{%x}", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    static String of(Difference difference) {
        if (difference instanceof Difference.OnlyOn only) {
            return "only on the " + only.side() + ": " + path(only.path());
        }
        if (difference instanceof Difference.Changed changed) {
            return "differs in " + changed.aspects().stream().map(Words::word).collect(Collectors.joining(", ")) + ": "
                    + path(changed.path());
        }
        if (difference instanceof Difference.Unreadable damaged) {
            return "is damaged on the " + damaged.side() + " and can't be read: " + path(damaged.path());
        }
        if (difference instanceof Difference.Bytes bytes) {
            return "differs from byte " + bytes.from() + " to " + bytes.to();
        }
        if (difference instanceof Difference.UnreadableFrom damaged) {
            return "is damaged on the " + damaged.side() + " and can't be read from byte " + damaged.from()
                    + " on; what lies behind was not compared";
        }
        Difference.Lengths lengths = (Difference.Lengths) difference;
        return "has " + lengths.source() + " bytes on the source and " + lengths.target() + " on the target";
    }

    static Optional<String> failure(Outcome outcome) {
        return outcome instanceof Outcome.NotCompared not
                ? Optional.of("the " + not.side() + " could not be read: "
                        + not.failure().text().strip())
                : Optional.empty();
    }

    static String word(Aspect aspect) {
        return word((Enum<?>) aspect);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the user can do about it; older is the snapshot of the target to go back to, where one is known. */
    static Optional<String> wayOut(SnapshotVerdict verdict, Optional<SnapshotName> older) {
        SnapshotName target = verdict.target();
        String text = switch (verdict.remedy()) {
            case NONE -> "";
            case HEAL_TARGET ->
                "look at zpool status -v and replace what is failing; where the pool has redundancy, zpool scrub heals"
                        + " it. Else zfs send " + verdict.source() + " | zfs receive -c " + target
                        + " rewrites damaged blocks (OpenZFS 2.2 and later), but 2.3.2 leaves " + target
                        + " unmountable by that; or make the target anew";
            case HEAL_SOURCE ->
                "the source itself is damaged: look at zpool status -v there, and copy what is lost from " + target
                        + " where that can be read";
            case ROLL_BACK ->
                "take the target back to what both hold alike, and run again: zfs rollback -r "
                        + older.map(SnapshotName::toString).orElse("");
            case NEW_BASE ->
                "put the target aside, zfs rename " + target.dataset() + " " + target.dataset()
                        + ".old, and run again, which sends everything anew; or look for an older snapshot that is the"
                        + " same on both (--all-snapshots)";
        };
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
