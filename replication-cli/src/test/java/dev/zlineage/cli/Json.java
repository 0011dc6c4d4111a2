// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON document strictly: objects as maps, arrays as lists, whole numbers as longs. */
final class Json {

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        if (json.at != text.length()) {
            throw json.wrong("the end");
        }
        return (Map<String, Object>) value;
    }

    private Object value() {
        blanks();
        char c = peek();
        if (c == '{') {
            Map<String, Object> object = new LinkedHashMap<>();
            each('{', '}', () -> {
                String name = string();
                blanks();
                expect(':');
                if (object.put(name, value()) != null) {
                    throw wrong("a new name");
                }
            });
            return object;
        }
        if (c == '[') {
            List<Object> array = new ArrayList<>();
            each('[', ']', () -> array.add(value()));
            return array;
        }
        if (c == '"') {
            return string();
        }
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> Long.valueOf(word);
        };
    }

    private void each(char open, char close, Runnable element) {
        expect(open);
        blanks();
        if (peek() == close) {
            at++;
            return;
        }
        while (true) {
            blanks();
            element.run();
            blanks();
            if (peek() == close) {
                at++;
                return;
            }
            expect(',');
        }
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw wrong("an escape");
            }
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            if (escaped == 'u') {
                value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                int which = "\"\\/bfnrt".indexOf(escaped);
                if (which < 0) {
                    throw wrong("an escape");
                }
                value.append("\"\\/\b\f\n\r\t".charAt(which));
            }
        }
        at++;
        return value.toString();
    }

    private void blanks() {
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private AssertionError wrong(String expected) {
        return new AssertionError("expected " + expected + " at " + at + " of:\n" + text);
    }
}
