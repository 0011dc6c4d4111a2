// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.zfs.DatasetName;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceMappingTest {

    /** What is named moves no other. A dash for no common target. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tank/a tank/b | backup/copy | tank/b=pool/y | {tank/a=backup/copy/a, tank/b=pool/y}",
                "tank/a tank/b | - | tank/a=backup/x tank/b=pool | {tank/a=backup/x, tank/b=pool}",
                "tank/a tank/b | - | tank/a=backup/x | {tank/a=backup/x}"
            })
    void byTargetsOfTheirOwn(String sources, String target, String own, String targets) {
        assertThat(SourceMapping.of(
                                Arrays.stream(sources.split(" ", -1))
                                        .map(DatasetName::of)
                                        .toList(),
                                Optional.of(target)
                                        .filter(name -> !name.equals("-"))
                                        .map(DatasetName::of),
                                Arrays.stream(own.split(" ", -1))
                                        .map(each -> each.split("=", -1))
                                        .collect(Collectors.toMap(
                                                each -> DatasetName.of(each[0]), each -> DatasetName.of(each[1]))))
                        .targets())
                .hasToString(targets);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tank/data | {tank/data=backup/copy}",
                "tank | {tank=backup/copy}",
                "tank/a tank/b | {tank/a=backup/copy/a, tank/b=backup/copy/b}",
                "tank/b/c tank/a | {tank/a=backup/copy/a, tank/b/c=backup/copy/b/c}",
                "p/a p/a/b | {p/a=backup/copy, p/a/b=backup/copy/b}",
                "p/ab p/a | {p/a=backup/copy/a, p/ab=backup/copy/ab}",
                "one/x two/y | {one/x=backup/copy/one/x, two/y=backup/copy/two/y}"
            })
    void byWhatTheNamesHaveInCommon(String sources, String targets) {
        assertThat(SourceMapping.of(
                                Arrays.stream(sources.split(" ", -1))
                                        .map(DatasetName::of)
                                        .toList(),
                                DatasetName.of("backup/copy"))
                        .targets())
                .hasToString(targets);
    }
}
