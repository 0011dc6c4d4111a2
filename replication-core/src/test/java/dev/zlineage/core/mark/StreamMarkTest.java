// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.mark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import dev.zlineage.core.zfs.Guid;
import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.PropertyValue;
import dev.zlineage.core.zfs.StreamMode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamMarkTest {

    private static Optional<StreamMode> read(String value, String source, String held) {
        return StreamMark.read(
                new PropertyValue(DatasetName.of("backup/data"), StreamMark.PROPERTY, value, source),
                History.parse(held));
    }

    @Test
    void everyFormIsReadBack() {
        for (int bits = 0; bits < 16; bits++) {
            StreamMode mode = new StreamMode((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, false);
            String value = StreamMark.value(new Guid(2), Optional.of(new Guid(1)), mode);
            assertThat(read(value, "local", "@b=2")).as(value).contains(mode);
        }
    }

    @Test
    void itCountsWhileTheTargetHoldsOneOfItsSnapshots() {
        String value = StreamMark.value(new Guid(2), Optional.of(new Guid(1)), StreamMode.RAW);
        assertThat(read(value, "local", "@a=1"))
                .as("cut, or its end was destroyed")
                .contains(StreamMode.RAW);
        assertThat(read(value, "local", "@b=2")).as("its base was destroyed").contains(StreamMode.RAW);
        assertThat(read(value, "local", "@c=3")).as("of another dataset").isEmpty();
        assertThat(read(value, "local", "#b=2")).as("a bookmark holds no data").isEmpty();
    }

    @Test
    void whatWasInheritedOrCameWithAStreamDoesNotCount() {
        String value = StreamMark.value(new Guid(2), Optional.empty(), StreamMode.RAW);
        assertThat(read(value, "local", "@b=2")).contains(StreamMode.RAW);
        assertThat(read(value, "received", "@b=2")).isEmpty();
        assertThat(read(value, "inherited from backup", "@b=2")).isEmpty();
        assertThat(read(value, "-", "@b=2")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-",
                "",
                "1 0000000000000002 ",
                "2 0000000000000002 w",
                "1 2 w",
                "1 0000000000000002 wL",
                "1 0000000000000002 w x"
            })
    void whatIsOfAnotherFormIsNotKnown(String value) {
        assertThat(read(value, "local", "@b=2")).isEmpty();
    }
}
