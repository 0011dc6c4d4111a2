// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.History;
import dev.zlineage.core.zfs.Snapshot;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineageTest {

    /** source | target | bytes written to the target | relation | base on the source */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@a @b          | @a @b            | 0 | Equal         | @b",
                "@a @b          | @a @b            | 8 | AheadWritten  | @b",
                "@a @b          | @a               | 0 | Behind        | @a",
                "@a @b          | @a               | 8 | Diverged      | @a",
                "@a #a @b       | @a               | 0 | Behind        | @a",
                "#a @a @b       | @a               | 0 | Behind        | @a",
                "#a @b          | @a               | 0 | Behind        | #a",
                "#a             | @a               | 0 | Equal         | #a",
                "#old @b        | @older @old      | 0 | Behind        | #old",
                "@a @b @c       | @renamed!5 @b    | 0 | Behind        | @b",
                "@a @b          | @a #b            | 0 | Behind        | @a",
                "@a @b          | @a @own          | 0 | AheadHarmless | @a",
                "@a             | @a @own          | 0 | AheadHarmless | @a",
                "@a @b          | @a @wrote        | 0 | Diverged      | @a",
                "@a             | @a @wrote        | 0 | AheadWritten  | @a",
                "@a @b          | @a @unknown      | 0 | Diverged      | @a",
                "@a @b          | @a @own @wrote   | 0 | Diverged      | @a",
                "@a             | @x               | 0 | Unrelated     | -",
                "''             | @x               | 0 | Unrelated     | -",
                "@a @b          | @a @b=7          | 0 | Clashing      | @a",
                "@a=1 @b        | @a=2             | 0 | Clashing      | -",
                "@a=1 @b @c     | @a=2 @b          | 0 | Behind        | @b",
                "@z=1 @a=2 @m=3 | @z=1 @a=2        | 0 | Behind        | @a",
                "@n=2 @x        | @was=2           | 0 | Behind        | @n",
            })
    void relations(String source, String target, long written, String relation, String base) {
        History history = History.parse(source);
        Replica replica = new Replica(History.parse(target), written, false, Map.of("own", 0L, "wrote", 4096L));

        Relation found = Lineage.relate(history, Optional.of(replica));

        assertThat(found.getClass().getSimpleName()).isEqualTo(relation);
        assertThat(Lineage.base(history, replica.history())
                        .map(b -> b.onSource().toString())
                        .orElse("-"))
                .isEqualTo(base);
    }

    @Test
    void aTargetThatDoesNotExist() {
        assertThat(Lineage.relate(History.parse("@a"), Optional.empty())).isEqualTo(new Relation.Absent());
    }

    @Test
    void aTargetWithoutSnapshotsHoldsDataUntilItIsShownNotTo() {
        assertThat(Lineage.relate(History.parse("@a"), Optional.of(new Replica(History.EMPTY, 24576, false, Map.of()))))
                .isEqualTo(new Relation.DataWithoutSnapshots(24576));
        assertThat(Lineage.relate(History.parse("@a"), Optional.of(new Replica(History.EMPTY, 24576, true, Map.of()))))
                .isEqualTo(new Relation.Empty());
    }

    @Test
    void clashesAreNamedInTheOrderOfTheSource() {
        Relation found = Lineage.relate(
                History.parse("@base @x=1 @y @a=2"), Optional.of(new Replica(History.parse("@base @a=3 @x=4"))));

        assertThat(found)
                .isInstanceOfSatisfying(
                        Relation.Clashing.class,
                        clash -> assertThat(clash.clashes())
                                .extracting(NameClash::label)
                                .containsExactly("x", "a"));
    }

    @Test
    void whatOnlyTheTargetHasIsTold() {
        assertThat(Lineage.targetOnly(History.parse("@a @b"), History.parse("@a @x @y")))
                .extracting(Snapshot::label)
                .containsExactly("x", "y");
    }

    @Test
    void theIndexKeepsEveryGuid() {
        GuidIndex index = new GuidIndex(1000);
        for (int i = 0; i < 1000; i++) {
            index.putFirst((long) i << 32, i);
            index.putFirst((long) i << 32, -5 + i + 5000);
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(index.get((long) i << 32)).isEqualTo(i);
        }
        assertThat(index.get(77)).isNegative();
    }
}
