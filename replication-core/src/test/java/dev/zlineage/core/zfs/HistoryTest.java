// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.zfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@a",
                "@a #a @b @c",
                "@a=18446744073709551615!7 #mark=18446744073709551615 @b!9",
                "#gone @a #x=5 #y=5"
            })
    void theNotationReadsBackToTheSameHistory(String text) {
        History history = History.parse(text);

        assertThat(history).hasToString(text);
        assertThat(History.parse(history.toString())).isEqualTo(history);
    }

    @RepeatedTest(20)
    void anyHistoryReadsBack(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        History.Builder builder = new History.Builder();
        for (int i = random.nextInt(30); i > 0; i--) {
            builder.add(random.nextBoolean(), "p" + random.nextInt(9), random.nextLong() | 1, random.nextInt(40));
        }
        History history = builder.build();

        assertThat(History.parse(history.toString()))
                .as("seed %d", repetition.getCurrentRepetition())
                .isEqualTo(history);
    }

    @Test
    void createtxgOrdersWhateverTheOrderOfTheListing() {
        History history = new History.Builder()
                .add(new Snapshot("newest", new Guid(3), 30))
                .add(new Bookmark("mark", new Guid(1), 10))
                .add(new Snapshot("oldest", new Guid(1), 10))
                .build();

        assertThat(history.point(0)).isEqualTo(new Snapshot("oldest", new Guid(1), 10));
        assertThat(history.point(1)).isEqualTo(new Bookmark("mark", new Guid(1), 10));
        assertThat(history.newestSnapshot()).contains(new Snapshot("newest", new Guid(3), 30));
    }

    @Test
    void aBookmarkHoldsNoData() {
        History history = History.parse("#a @b");

        assertThat(history.holds(History.parse("@a").point(0).guid())).isFalse();
        assertThat(history.holds(History.parse("@b").point(0).guid())).isTrue();
        assertThat(history.snapshots()).extracting(Snapshot::label).containsExactly("b");
        assertThat(history.bookmarks()).extracting(Bookmark::label).containsExactly("a");
    }

    @Test
    void aWordThatIsNoPointIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> History.parse("@a b"))
                .withMessageContaining("'b'");
    }
}
