// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PropertyChoiceTest {

    private static List<String> problems(
            Set<String> exclude, Map<String, String> set, UnaryOperator<ReplicationRequest.Builder> change) {
        InvalidRequestException refused = catchThrowableOfType(
                InvalidRequestException.class,
                () -> change.apply(ReplicationRequest.of("tank/data", "backup/data")
                                .properties(new PropertyChoice(true, exclude, set)))
                        .build());
        return refused == null
                ? List.of()
                : refused.problems().stream()
                        .map(p -> p.field() + ": " + p.message())
                        .toList();
    }

    @Test
    void whatCannotBeMeantIsToldAllAtOnce() {
        assertThat(problems(
                        Set.of("", "atime", "volsize", "two words"),
                        Map.of(
                                "atime", "off",
                                "readonly", "off",
                                "Upper", "1",
                                "origin", "a@b",
                                "keylocation", "file:///k",
                                "zlineage:swap", "1",
                                "normalization", "formD"),
                        b -> b))
                .containsExactly(
                        "properties.exclude: '' is no name of a property",
                        "properties.exclude: 'atime' is set as well; say one of the two",
                        "properties.exclude: 'two words' is no name of a property",
                        "properties.exclude: 'volsize' comes with the data and can't be left out",
                        "properties.set: 'Upper' is no name of a property",
                        "properties.set: 'keylocation' can't be set: a target is encrypted as its source or its parent is",
                        "properties.set: 'normalization' comes with the data and can't be set",
                        "properties.set: 'origin' comes with the data and can't be set",
                        "properties.set: 'readonly' is what the readonly policy sets; set the policy to ignore",
                        "properties.set: 'zlineage:swap' is for zlineage's own use");
    }

    @Test
    void whatCanBeMeantIsTaken() {
        assertThat(problems(
                        Set.of("readonly", "encryption", "org.x:a"),
                        Map.of("compression", "lz4", "org.x:b", "", "mountpoint", "/x"),
                        b -> b))
                .isEmpty();
        assertThat(problems(Set.of(), Map.of("readonly", "off"), b -> b.readonly(ReadonlyPolicy.IGNORE)))
                .isEmpty();
    }

    @Test
    void aTreeIsNotMountedInOnePlace() {
        assertThat(problems(Set.of(), Map.of("mountpoint", "/x"), b -> b.recursive(true)))
                .containsExactly(
                        "properties.set: 'mountpoint' would mount the whole tree in one place; set it to none or legacy");
        assertThat(problems(Set.of(), Map.of("mountpoint", "none"), b -> b.recursive(true)))
                .isEmpty();
    }
}
