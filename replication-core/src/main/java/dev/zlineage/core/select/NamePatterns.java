// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Full names of datasets and globs for them, each of which holds for what it matches and for everything below that. */
final class NamePatterns {

    private final List<String> patterns;
    private final Set<String> names;
    private final List<Pattern> globs;

    NamePatterns(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        this.names = Set.copyOf(patterns);
        this.globs = patterns.stream()
                .filter(NamePatterns::isGlob)
                .map(NamePatterns::glob)
                .toList();
    }

    List<String> patterns() {
        return patterns;
    }

    boolean match(String dataset) {
        for (int end = dataset.length(); end > 0; end = dataset.lastIndexOf('/', end - 1)) {
            String name = dataset.substring(0, end);
            if (names.contains(name) || globs.stream().anyMatch(glob -> matches(glob, name))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(Pattern glob, String name) {
        return glob.matcher(name).matches();
    }

    /**
     * Where the pattern begins that begins nearest to a dataset. Each begins at the highest dataset that it matches.
     *
     * @param dataset its full name
     * @return the length of the name where it begins; 0 if none matches
     */
    int nearest(String dataset) {
        int nearest = 0;
        for (int end = dataset.length(); end > 0; end = dataset.lastIndexOf('/', end - 1)) {
            if (names.contains(dataset.substring(0, end))) {
                nearest = end;
                break;
            }
        }
        for (Pattern glob : globs) {
            nearest = Math.max(nearest, highest(glob, dataset));
        }
        return nearest;
    }

    private static int highest(Pattern glob, String dataset) {
        int end = 0;
        do {
            int slash = dataset.indexOf('/', end + 1);
            end = slash < 0 ? dataset.length() : slash;
            if (matches(glob, dataset.substring(0, end))) {
                return end;
            }
        } while (end < dataset.length());
        return 0;
    }

    static boolean isGlob(String pattern) {
        return wildcard(pattern) < pattern.length();
    }

    /** Where a pattern stops being the text of a name. */
    static int wildcard(String pattern) {
        int at = 0;
        while (at < pattern.length() && "*?[".indexOf(pattern.charAt(at)) < 0) {
            at++;
        }
        return at;
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
}
