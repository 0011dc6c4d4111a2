// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import dev.zlineage.core.transport.CommandOutcome;
import dev.zlineage.core.zfs.FileTree;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** Reads what {@code find} and {@code sha256sum} print of a mounted snapshot. */
final class FoundFiles {

    /** How a complaint about damaged blocks ends. */
    static final String DAMAGED = ": Input/output error";

    /** How it ends about a name without an object, which other contents under a right GUID can have. */
    private static final String NOWHERE = ": No such file or directory";

    private static final int DIGITS = 64;

    private final String folder;
    private final Set<String> damaged = new HashSet<>();
    private final FileTree.Builder tree = new FileTree.Builder();

    private FoundFiles(String folder) {
        this.folder = folder;
    }

    /**
     * Reads it.
     *
     * @param folder where the snapshot was mounted
     * @param listing for each path: kind, mode, owner, group, size, time and path, a zero byte, where a link points to, a zero byte
     * @param digests for each file: its digest, two blanks, its path with the folder before it, a zero byte
     * @throws UnreadableException if it is not what it should be, or programs complained about anything but damaged blocks
     */
    static FileTree read(String folder, CommandOutcome.Exited listing, CommandOutcome.Exited digests)
            throws UnreadableException {
        FoundFiles found = new FoundFiles(folder);
        found.entries(listing.stdout());
        found.complaints(listing);
        int damaged = found.damaged.size();
        int unread = found.complaints(digests);
        found.digests(digests.stdout());
        // find hands a name that leads nowhere to sha256sum too, where the folder says that it is a file
        int files = found.tree.undigested();
        if (unread < files || unread > files + damaged || found.damaged.size() > damaged) {
            throw new UnreadableException(
                    found.tree.undigested() + " files have no digest, of which " + unread + " can't be read",
                    digests.stderr());
        }
        return found.tree.build();
    }

    private void entries(String text) throws UnreadableException {
        int from = 0;
        while (from < text.length()) {
            int middle = end(text, from);
            int end = end(text, middle + 1);
            String row = text.substring(from, middle);
            String[] columns = row.split(" ", 7);
            if (columns.length != 7) {
                throw new UnreadableException("not what find was to print", row);
            }
            try {
                tree.add(
                        columns[6],
                        kind(columns[0]),
                        Integer.parseInt(columns[1], 8),
                        Long.parseLong(columns[2]),
                        Long.parseLong(columns[3]),
                        Long.parseLong(columns[4]),
                        time(columns[5]),
                        text.substring(middle + 1, end));
            } catch (NumberFormatException e) {
                throw new UnreadableException("not the numbers that find was to print", row);
            }
            from = end + 1;
        }
    }

    private static int end(String text, int from) throws UnreadableException {
        int end = text.indexOf('\0', from);
        if (end < 0) {
            throw new UnreadableException("the last entry is cut off", text.substring(from));
        }
        return end;
    }

    private static FileTree.Kind kind(String letter) {
        return switch (letter) {
            case "f" -> FileTree.Kind.FILE;
            case "d" -> FileTree.Kind.FOLDER;
            case "l" -> FileTree.Kind.LINK;
            default -> FileTree.Kind.OTHER;
        };
    }

    /** Seconds since 1970, a point and at least nine digits; a time before that has a minus sign for both. */
    private static Instant time(String text) {
        int point = text.indexOf('.');
        long seconds = Long.parseLong(text.substring(0, Math.max(point, 0)));
        long nanos = Long.parseLong(text.substring(point + 1, Math.min(text.length(), point + 10)));
        return Instant.ofEpochSecond(seconds, text.startsWith("-") ? -nanos : nanos);
    }

    private void digests(String text) throws UnreadableException {
        int from = 0;
        while (from < text.length()) {
            int end = end(text, from);
            String row = text.substring(from, end);
            String before = "  " + folder + "/";
            if (!row.startsWith(before, DIGITS)
                    || !row.substring(0, DIGITS).chars().allMatch(HexFormat::isHexDigit)
                    || !tree.digest(row.substring(DIGITS + before.length()), row.substring(0, DIGITS))) {
                throw new UnreadableException("no digest of a file that was found", row);
            }
            from = end + 1;
        }
    }

    /** Marks what can't be read, and counts files without a digest; every other complaint is an error. */
    private int complaints(CommandOutcome.Exited exited) throws UnreadableException {
        int files = 0;
        boolean told = false;
        String found = "find: '" + folder;
        for (String line : exited.stderr().lines().toList()) {
            String end = line.endsWith(NOWHERE) ? NOWHERE : DAMAGED;
            if (!line.endsWith(end)) {
                throw new UnreadableException("it could not be read whole", line);
            }
            String text = line.substring(0, line.length() - end.length());
            if (text.startsWith("sha256sum: ")) {
                files++;
            } else if (text.startsWith(found) && text.endsWith("'")) {
                String path = text.substring(found.length(), text.length() - 1);
                damaged.add(path);
                tree.unreadable(path.startsWith("/") ? path.substring(1) : path);
            } else {
                throw new UnreadableException("it could not be read whole", line);
            }
            told = true;
        }
        if (exited.exitCode() != 0 && !told) {
            throw new UnreadableException("it could not be read whole", "exit code " + exited.exitCode());
        }
        return files;
    }
}
