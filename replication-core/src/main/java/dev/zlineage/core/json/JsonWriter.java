// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.json;

/**
 * Writes one JSON value, indented by two blanks or on one line. Names and values are written in the order of the calls; a
 * caller that mixes up objects, arrays and names gets what it deserves. Not thread-safe.
 */
public final class JsonWriter {

    private final StringBuilder out = new StringBuilder();
    private final boolean indented;
    private int depth;
    private boolean first = true;
    private boolean named;

    /**
     * A writer.
     *
     * @param indented false for one line
     */
    public JsonWriter(boolean indented) {
        this.indented = indented;
    }

    /**
     * Begins an object.
     *
     * @return this writer
     */
    public JsonWriter object() {
        return open('{');
    }

    /**
     * Begins an array.
     *
     * @return this writer
     */
    public JsonWriter array() {
        return open('[');
    }

    /**
     * Ends the object.
     *
     * @return this writer
     */
    public JsonWriter endObject() {
        return close('}');
    }

    /**
     * Ends the array.
     *
     * @return this writer
     */
    public JsonWriter endArray() {
        return close(']');
    }

    /**
     * Writes the name of the value that follows.
     *
     * @param name a member's name
     * @return this writer
     */
    public JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(indented ? ": " : ":");
        named = true;
        return this;
    }

    /**
     * Writes a text.
     *
     * @param text any text; for an identity of 64 bits too, which numbers of JSON cannot carry
     * @return this writer
     */
    public JsonWriter value(String text) {
        separate();
        quote(text);
        return this;
    }

    /**
     * Writes a whole number.
     *
     * @param number any
     * @return this writer
     */
    public JsonWriter value(long number) {
        separate();
        out.append(number);
        return this;
    }

    /**
     * Writes true or false.
     *
     * @param truth which
     * @return this writer
     */
    public JsonWriter value(boolean truth) {
        separate();
        out.append(truth);
        return this;
    }

    /**
     * Writes what is JSON already, moved to its place. No text in JSON holds a line break as such.
     *
     * @param json a whole value
     * @return this writer
     */
    public JsonWriter json(String json) {
        separate();
        out.append(indented ? json.replace("\n", "\n" + "  ".repeat(depth)) : json);
        return this;
    }

    /** The JSON written so far. */
    @Override
    public String toString() {
        return out.toString();
    }

    private JsonWriter open(char bracket) {
        separate();
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        depth--;
        if (!first) {
            newLine();
        }
        first = false;
        out.append(bracket);
        return this;
    }

    private void separate() {
        if (named) {
            named = false;
            return;
        }
        if (!first) {
            out.append(',');
        }
        first = false;
        if (depth > 0) {
            newLine();
        }
    }

    private void newLine() {
        if (indented) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) || c == 0x7f) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
