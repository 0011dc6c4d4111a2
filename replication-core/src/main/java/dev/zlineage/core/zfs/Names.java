// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import java.nio.charset.StandardCharsets;

/** What OpenZFS allows in names ({@code module/zcommon/zfs_namecheck.c}). */
final class Names {

    private Names() {}

    static void check(String what, String value, int maxBytes) {
        if (value.isEmpty()) {
            throw new InvalidNameException(what, value, "it is empty");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > maxBytes) {
            throw new InvalidNameException(what, value, "it has " + bytes + " bytes, OpenZFS allows " + maxBytes);
        }
    }

    static void checkComponent(String what, String whole, String component) {
        if (component.isEmpty()) {
            throw new InvalidNameException(what, whole, "a part of it is empty");
        }
        if (component.equals(".") || component.equals("..")) {
            throw new InvalidNameException(what, whole, "'" + component + "' is no name");
        }
        for (int i = 0; i < component.length(); i++) {
            char c = component.charAt(i);
            if (!isAllowed(c)) {
                throw new InvalidNameException(
                        what, whole, "the character " + printable(c) + " is not allowed; letters, digits, _ - . : are");
            }
        }
    }

    static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isAllowed(char c) {
        return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':' || c == ' ';
    }

    private static String printable(char c) {
        return c > ' ' && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }
}
