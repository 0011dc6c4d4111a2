// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import java.util.regex.Pattern;

/**
 * A text that can be looked at so many times and no more. {@link Pattern} backtracks, and can take exponential time over a label
 * of a few dozen characters; counting what it reads bounds that without a clock or a thread.
 */
final class BoundedText implements CharSequence {

    /** A label has 255 characters at most; expressions that people mean read each a few times. */
    private static final int STEPS = 1_000_000;

    private final CharSequence text;
    private final int[] left;

    /** The expression reads the text over and over. */
    static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private BoundedText(CharSequence text, int[] left) {
        this.text = text;
        this.left = left;
    }

    static boolean matches(Pattern pattern, String text) {
        return pattern.matcher(new BoundedText(text, new int[] {STEPS})).matches();
    }

    @Override
    public char charAt(int index) {
        left[0]--;
        if (left[0] < 0) {
            throw new TooManyStepsException();
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text.subSequence(start, end), left);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
