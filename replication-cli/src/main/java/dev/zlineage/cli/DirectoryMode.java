// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Who may do what in a directory. What one user makes below it is made for the others in the same way, whatever his umask is.
 *
 * @param bits as {@code chmod} takes them
 */
record DirectoryMode(int bits) {

    private static final String NAME = "unix:mode";
    private static final int ALL = 07777;
    private static final int READ_AND_WRITE = 0666;

    static DirectoryMode of(Path directory) throws IOException {
        return new DirectoryMode(mode(directory));
    }

    void onDirectory(Path made) {
        set(made, bits);
    }

    void onFile(Path made) {
        set(made, bits & READ_AND_WRITE);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, NAME, LinkOption.NOFOLLOW_LINKS) & ALL;
    }

    private static void set(Path made, int wanted) {
        try {
            if (mode(made) != wanted) {
                Files.setAttribute(made, NAME, wanted, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException e) {
            // somebody else's, who has set it himself; where it does not do, the next step tells
        }
    }
}
