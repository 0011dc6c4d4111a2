// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.zlineage.core.zfs.History;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SnapshotSelectionTest {

    private static final Schedule ON_THE_HOUR = minute -> minute.getMinute() == 0;

    @Test
    void bookmarksAreNeverSelected() {
        History history = History.parse("@a #a @b");

        assertThat(labels(new SnapshotSelection.All(), history)).isEqualTo("a b");
        assertThat(labels(new SnapshotSelection.Newest(), history)).isEqualTo("b");
        assertThat(labels(new SnapshotSelection.Matching("a"), history)).isEqualTo("a");
    }

    @Test
    void anExpressionMatchesTheWholeLabel() {
        assertThat(labels(new SnapshotSelection.Matching("da|daily-.*"), History.parse("@daily-1 @day @da")))
                .isEqualTo("daily-1 da");
    }

    @Test
    @Timeout(20)
    void anExpressionThatExplodesIsAnObstacleAndNoHang() {
        SnapshotSelection selection = new SnapshotSelection.Matching(".*.*.*.*.*x");
        History history = History.parse("@ok @" + "a".repeat(200));

        assertThat(selection.obstacle(history)).get().asString().contains("takes too long over @aaa");
        assertThat(selection.in(history).isEmpty()).isTrue();
        assertThat(selection.obstacle(History.parse("@ok"))).isEmpty();
    }

    @Test
    void aUserPropertySelectsTogetherWithASchedule() {
        SnapshotSelection.Tagged tagged = SnapshotSelection.Tagged.parse("org.example:keep=yes");
        History history = History.parse("@a~1767225600 @b~1767225660 #b @c~1767229200 @d~1767232800");
        History known = new History.Builder()
                .addAll(history.tagged(Set.of("b", "c", "d")))
                .build();

        assertThat(labels(tagged, known)).isEqualTo("b c d");
        assertThat(labels(tagged, history)).isEmpty();
        SnapshotSelection onTheHour = new SnapshotSelection.OnSchedule(tagged, ON_THE_HOUR, ZoneOffset.UTC);
        assertThat(labels(onTheHour, known)).isEqualTo("c d");
        SnapshotSelection without = new SnapshotSelection.Without(
                onTheHour, Set.of(known.snapshot("c").orElseThrow().guid()));
        assertThat(labels(without, known)).isEqualTo("d");
        assertThat(without.tagged()).contains(tagged);
        assertThat(new SnapshotSelection.All().tagged()).isEmpty();
    }

    @Test
    void theValueOfAUserPropertyIsAnyOrTheVeryOne() {
        assertThat(SnapshotSelection.Tagged.parse("a:b")).hasToString("a:b").matches(t -> t.means("") && t.means("x"));
        assertThat(SnapshotSelection.Tagged.parse("a:b=c=d"))
                .hasToString("a:b=c=d")
                .matches(t -> t.means("c=d") && !t.means("c"));
        for (String wrong : List.of("compression", "", "=x", "A:b", "a:b c", ":".repeat(256))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SnapshotSelection.Tagged.parse(wrong))
                    .withMessageContaining("is no user property");
        }
    }

    @Test
    void namesAreReadByEverySchemaAndOthersLeftOut() {
        NamingSchemas schemas = NamingSchemas.strict("auto-%Y-%m-%d_%H-%M", "%Y%m%d%H%M");

        assertThat(labels(
                        new SnapshotSelection.Named(schemas),
                        History.parse("@auto-2026-01-01_00-00 @manual @202601020000 @auto-2026-13-01_00-00")))
                .isEqualTo("auto-2026-01-01_00-00 202601020000");
    }

    @Test
    void aLabelThatTellsTwoTimesIsAnObstacleThatNamesBoth() {
        SnapshotSelection selection =
                new SnapshotSelection.Named(NamingSchemas.strict("a-%Y-%m-%d_%H-%M", "a-%Y-%d-%m_%H-%M"));
        History history = History.parse("@a-2026-01-01_00-00 @a-2026-01-02_00-00 @a-2026-01-13_00-00");

        assertThat(labels(selection, history)).isEqualTo("a-2026-01-01_00-00 a-2026-01-13_00-00");
        assertThat(selection.obstacle(history))
                .contains("@a-2026-01-02_00-00 is of 2026-01-02T00:00 by the schema a-%Y-%m-%d_%H-%M,"
                        + " and of 2026-02-01T00:00 by a-%Y-%d-%m_%H-%M");
        assertThat(new SnapshotSelection.OnSchedule(selection, ON_THE_HOUR, ZoneOffset.UTC).obstacle(history))
                .isPresent();
    }

    @Test
    void aScheduleReadsTheTimeInNamesWhereTheSelectionIsByNames() {
        SnapshotSelection named = new SnapshotSelection.OnSchedule(
                new SnapshotSelection.Named(NamingSchemas.strict("%Y-%m-%d_%H-%M")), ON_THE_HOUR, ZoneOffset.UTC);

        assertThat(labels(named, History.parse("@2026-01-01_00-00~1767225660 @2026-01-01_00-01~1767225600")))
                .isEqualTo("2026-01-01_00-00");
    }

    @Test
    void andTheTimeOfCreationElsewhereInItsOwnZone() {
        History history = History.parse("@a~1767225600 @b~1767227400"); // 00:00 and 00:30 in London

        assertThat(labels(
                        new SnapshotSelection.OnSchedule(new SnapshotSelection.All(), ON_THE_HOUR, ZoneOffset.UTC),
                        history))
                .isEqualTo("a");
        assertThat(labels(
                        new SnapshotSelection.OnSchedule(
                                new SnapshotSelection.All(), ON_THE_HOUR, ZoneId.of("Asia/Kolkata")),
                        history))
                .isEqualTo("b");
    }

    @Test
    void schemasAreKeptOnce() {
        NamingSchema schema = NamingSchema.of("%s");

        assertThat(new NamingSchemas(List.of(schema, schema), NamingSchema.Reading.STRICT).schemas())
                .containsExactly(schema);
    }

    private static String labels(SnapshotSelection selection, History history) {
        return selection.in(history).stream().mapToObj(history::label).collect(Collectors.joining(" "));
    }
}
