// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {

    @Test
    void writesOnOneLine() {
        assertThat(new JsonWriter(false)
                        .object()
                        .name("a")
                        .value(1)
                        .name("b")
                        .array()
                        .value("x\"y\\z\n\u0001")
                        .value(true)
                        .array()
                        .endArray()
                        .endArray()
                        .endObject())
                .hasToString("{\"a\":1,\"b\":[\"x\\\"y\\\\z\\n\\u0001\",true,[]]}");
    }

    @Test
    void writesOverSeveralLines() {
        assertThat(new JsonWriter(true)
                        .object()
                        .name("a")
                        .array()
                        .value(1)
                        .value(2)
                        .endArray()
                        .endObject())
                .hasToString("{\n  \"a\": [\n    1,\n    2\n  ]\n}");
    }

    @Test
    void takesJsonInItsPlace() {
        String inner =
                new JsonWriter(true).object().name("a").value(1).endObject().toString();
        assertThat(new JsonWriter(true).object().name("b").json(inner).endObject())
                .hasToString("{\n  \"b\": {\n    \"a\": 1\n  }\n}");
    }
}
