// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zlineage.core.transport.StreamProgress;
import dev.zlineage.core.transport.StreamProgress.Estimated;
import dev.zlineage.core.transport.StreamProgress.Moved;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code zfs send -v -P} of OpenZFS 2.3.2 prints to standard error. */
class SendReportTest {

    private static List<Optional<StreamProgress>> read(String... lines) {
        SendReport report = new SendReport();
        return List.of(lines).stream().map(report).toList();
    }

    private static Optional<StreamProgress> moved(long bytes) {
        return Optional.of(new Moved(bytes));
    }

    @Test
    void aSeriesCountsOnFromSnapshotToSnapshot() {
        assertThat(read(
                        "incremental\t1\ttank/p@2\t63030640",
                        "incremental\t2\ttank/p@3\t63031152",
                        "size\t126061792",
                        "11:24:55\t2236376\ttank/p@2",
                        "11:25:27\t62016096\ttank/p@2",
                        "11:25:29\t2105792\ttank/p@3",
                        "11:25:30\t4207936\ttank/p@3"))
                .containsExactly(
                        moved(0),
                        moved(0),
                        Optional.of(new Estimated(126061792)),
                        moved(2236376),
                        moved(62016096),
                        moved(62016096 + 2105792),
                        moved(62016096 + 4207936));
    }

    @Test
    void theContentsOfATokenAreNoMessage() {
        assertThat(read(
                        "resume token contents:",
                        "nvlist version: 0",
                        "\tobject = 0x2",
                        "\ttoname = tank/p@1",
                        "full\ttank/p@1\t43063344",
                        "size\t43063344"))
                .allMatch(Optional::isPresent)
                .endsWith(Optional.of(new Estimated(43063344)));
    }

    @Test
    void everythingElseIsAMessage() {
        assertThat(read(
                        "warning: cannot send 'tank/p@2': permission denied",
                        "\tindented",
                        "nvlist version: 0",
                        "size\tmany",
                        "11:24:55\tmany\ttank/p@2",
                        "11:24:55 no tab",
                        ""))
                .allMatch(Optional::isEmpty);
    }

    @Test
    void theSizeIsToldOnce() {
        assertThat(read("size\t10", "size\t20")).containsExactly(Optional.of(new Estimated(10)), moved(0));
    }
}
