// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How snapshots are named after the time at which they are taken, such as {@code auto-%Y-%m-%d_%H-%M}: a label can be made of a
 * time, and the time be read from the label. Immutable.
 *
 * <p>Placeholders, each at most once: {@code %Y %m %d %H %M}, which belong together, {@code %S}, and {@code %z}, the offset from
 * UTC, whose plus is written {@code --} because a label can't hold a plus; or {@code %s} without any of them, the seconds since
 * 1970. A schema that tells no offset gives the hour that a clock shows twice, in autumn, the same names twice.
 */
public final class NamingSchema {

    private static final Pattern ALLOWED = Pattern.compile("[0-9A-Za-z %_.:-]*");
    private static final String PLACEHOLDERS = "YmdHMSsz";
    private static final Pattern PLACEHOLDER = Pattern.compile("%([" + PLACEHOLDERS + "])");

    /** How much like the schema a label has to be. */
    public enum Reading {
        /** It is exactly the label that the schema gives for some time. */
        STRICT,
        /** As {@code strptime} reads: upper and lower case are one, and numbers may lack their leading zeros. */
        LENIENT
    }

    private final String pattern;
    private final Pattern strict;
    private final Pattern lenient;

    private NamingSchema(String pattern) {
        this.pattern = pattern;
        this.strict = Pattern.compile(regex(true));
        this.lenient = Pattern.compile(regex(false), Pattern.CASE_INSENSITIVE);
    }

    /**
     * A schema.
     *
     * @param pattern letters, digits, blanks, {@code _ . : -} and placeholders
     * @return the schema
     * @throws IllegalArgumentException if labels made by it could not be read back, with what is wrong and what would be right
     */
    public static NamingSchema of(String pattern) {
        if (!ALLOWED.matcher(pattern).matches()) {
            throw refuse(pattern, "a label of a snapshot holds letters, digits, blanks and _ . : - alone");
        }
        Set<Character> found = new HashSet<>();
        for (int at = pattern.indexOf('%'); at >= 0; at = pattern.indexOf('%', at + 2)) {
            char letter = at + 1 < pattern.length() ? pattern.charAt(at + 1) : ' ';
            if (PLACEHOLDERS.indexOf(letter) < 0) {
                throw refuse(
                        pattern,
                        "%" + (letter == ' ' ? "" : letter) + " is none of the placeholders %Y %m %d %H %M %S %z %s");
            }
            if (!found.add(letter)) {
                throw refuse(pattern, "%" + letter + " is there twice");
            }
        }
        if (found.contains('s')) {
            if (found.size() > 1) {
                throw refuse(pattern, "%s tells the whole time and goes with no other placeholder");
            }
        } else {
            for (char needed : "YmdHM".toCharArray()) {
                if (!found.contains(needed)) {
                    throw refuse(pattern, "%" + needed + " is missing: %Y %m %d %H %M are needed, or %s");
                }
            }
        }
        if (found.contains('z') && pattern.contains("--")) {
            throw refuse(pattern, "'--' would be read as the plus of %z");
        }
        return new NamingSchema(pattern);
    }

    private static IllegalArgumentException refuse(String pattern, String why) {
        return new IllegalArgumentException("'" + pattern + "' is no naming schema: " + why);
    }

    /**
     * The text that the schema was made of.
     *
     * @return the pattern
     */
    public String pattern() {
        return pattern;
    }

    /**
     * Whether a snapshot's label tells the offset from UTC, so that no two moments give the same label.
     *
     * @return true with {@code %z} or {@code %s}
     */
    public boolean tellsOffset() {
        return pattern.contains("%z") || pattern.contains("%s");
    }

    /**
     * The label of a snapshot.
     *
     * @param time when it is taken
     * @return the part of its name after the {@code @}
     */
    public String label(ZonedDateTime time) {
        return PLACEHOLDER
                .matcher(pattern)
                .replaceAll(found -> part(found.group(1).charAt(0), time));
    }

    private static String part(char placeholder, ZonedDateTime time) {
        return switch (placeholder) {
            case 'Y' -> padded(4, time.getYear());
            case 'm' -> padded(2, time.getMonthValue());
            case 'd' -> padded(2, time.getDayOfMonth());
            case 'H' -> padded(2, time.getHour());
            case 'M' -> padded(2, time.getMinute());
            case 'S' -> padded(2, time.getSecond());
            case 's' -> Long.toString(time.toEpochSecond());
            default -> offset(time.getOffset());
        };
    }

    private static String padded(int digits, int number) {
        return String.format(Locale.ROOT, "%0" + digits + "d", number);
    }

    private static String offset(ZoneOffset offset) {
        int minutes = offset.getTotalSeconds() / 60;
        return (minutes < 0 ? "-" : "--") + padded(2, Math.abs(minutes) / 60) + padded(2, Math.abs(minutes) % 60);
    }

    /**
     * The time that a label tells.
     *
     * @param label the part of a snapshot's name after the {@code @}
     * @param reading how much like the schema it has to be
     * @return empty where it is not of this schema
     */
    public Optional<NameTime> read(String label, Reading reading) {
        Matcher matcher = (reading == Reading.STRICT ? strict : lenient).matcher(label);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(time(matcher));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty(); // the thirtieth of February
        }
    }

    private NameTime time(Matcher matcher) {
        if (pattern.contains("%s")) {
            Instant instant = Instant.ofEpochSecond(Long.parseLong(matcher.group("s")));
            return new NameTime(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), Optional.of(ZoneOffset.UTC));
        }
        LocalDateTime local = LocalDateTime.of(
                number(matcher, "Y"),
                number(matcher, "m"),
                number(matcher, "d"),
                number(matcher, "H"),
                number(matcher, "M"),
                pattern.contains("%S") ? number(matcher, "S") : 0);
        return new NameTime(
                local, pattern.contains("%z") ? Optional.of(readOffset(matcher.group("z"))) : Optional.empty());
    }

    private static int number(Matcher matcher, String name) {
        return Integer.parseInt(matcher.group(name));
    }

    /** A colon is how older snapshots of such schemas write the plus. */
    private static ZoneOffset readOffset(String text) {
        int digits = text.startsWith("--") ? 2 : 1;
        int sign = text.startsWith("-") && digits == 1 ? -1 : 1;
        int hours = Integer.parseInt(text.substring(digits, digits + 2));
        int minutes = Integer.parseInt(text.substring(digits + 2));
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    private String regex(boolean exact) {
        StringBuilder regex = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(pattern);
        int literal = 0;
        while (placeholder.find()) {
            char letter = placeholder.group(1).charAt(0);
            String digits = switch (letter) {
                case 'Y' -> "[0-9]{4}";
                case 's' -> "[0-9]{1,11}";
                case 'z' -> "(?:--?|:)[0-9]{4}";
                default -> exact ? "[0-9]{2}" : "[0-9]{1,2}";
            };
            regex.append(Pattern.quote(pattern.substring(literal, placeholder.start())));
            regex.append("(?<").append(letter).append('>').append(digits).append(')');
            literal = placeholder.end();
        }
        return regex.append(Pattern.quote(pattern.substring(literal))).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamingSchema that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
