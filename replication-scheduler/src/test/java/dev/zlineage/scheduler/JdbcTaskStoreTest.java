// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zlineage.scheduler.JobOutcome.Ending;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTaskStoreTest extends TaskStoreContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Override
    TaskStore open() {
        return JdbcTaskStore.file(folder.resolve("tasks"));
    }

    @Test
    void whatAnEarlierProcessBeganIsBegunAgainAtOnce() {
        store.advance(Optional.empty(), at(60), List.of(request("a", 60, true)), Optional.empty());
        Job job = store.waiting(at(60)).get(0);
        begun(job, 60);
        store.pause("p", true);
        store.close();
        store = open();
        assertThat(store.cursor()).contains(at(60));
        assertThat(store.paused()).containsExactly("p");
        assertThat(store.waiting(at(60))).extracting(Job::attempts).containsExactly(1);
        assertThat(store.begin(job.id(), "new", at(60), at(120))).isPresent();
    }

    /** As jobs ask whether they may go on, in threads that may be interrupted. */
    @Test
    void aThreadThatIsInterruptedClosesNothing() {
        Job job = store.queue(request("a", 0, true));
        Thread.currentThread().interrupt();
        Lease lease = begun(job, 0);
        assertThat(store.holds(lease)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.holds(lease)).isTrue();
    }

    @Test
    void aFileIsOfOneServiceAtATime() {
        assertThatThrownBy(this::open)
                .isInstanceOf(TaskStoreException.class)
                .hasMessageContaining("is in use: another service runs on it");
    }

    @Test
    void aPathThatIsNoFolderIsToldOf() {
        assertThatThrownBy(() -> JdbcTaskStore.file(Path.of("/proc/none/tasks")))
                .isInstanceOf(TaskStoreException.class)
                .hasMessageContaining("/proc/none");
    }

    /** As the first versions made it; what waits has an id that is longer than what it is found by. */
    @Test
    void theFileOfAnEarlierVersionIsCarriedOn() throws SQLException {
        Path old = folder.resolve("old");
        String task = "t".repeat(300);
        String words = Words.of(List.of(task));
        change(
                old,
                "CREATE TABLE zl_clock (id INT PRIMARY KEY, cursor_at BIGINT, last_job BIGINT NOT NULL,"
                        + " last_fence BIGINT NOT NULL, format INT NOT NULL)",
                "INSERT INTO zl_clock VALUES (1, " + at(60).toEpochMilli() + ", 7, 3, 1)",
                "CREATE TABLE zl_job (id BIGINT PRIMARY KEY, kind VARCHAR(20) NOT NULL,"
                        + " tasks VARCHAR(100000) NOT NULL, due VARCHAR(100000) NOT NULL, not_before BIGINT NOT NULL,"
                        + " origin VARCHAR(20) NOT NULL, attempts INT NOT NULL, fence BIGINT NOT NULL,"
                        + " node VARCHAR(200), began_at BIGINT, lease_until BIGINT)",
                "INSERT INTO zl_job VALUES (7, 'REPLICATION', '" + words + "', '"
                        + Words.of(List.of(Long.toString(at(60).toEpochMilli()))) + "', "
                        + at(60).toEpochMilli() + ", 'SCHEDULE', 0, 0, NULL, NULL, NULL)");
        for (int times = 0; times < 2; times++) {
            try (JdbcTaskStore opened = JdbcTaskStore.file(old)) {
                assertThat(opened.cursor()).contains(at(60));
                assertThat(opened.followed()).as("all were").isEmpty();
                assertThat(opened.queue(request(task, 120, true)).id()).isEqualTo(7);
                assertThat(opened.lead("node", at(120), Optional.empty())).isEmpty();
            }
        }
        try (JdbcTaskStore opened = JdbcTaskStore.file(old)) {
            opened.advance(Optional.of(at(60)), at(120), List.of(), Optional.of(Set.of("a")));
            assertThat(opened.followed()).contains(Set.of("a"));
        }
    }

    /** A program that stands by, or is gone back to, still does what waits. */
    @Test
    void aReasonThatOnlyALaterVersionKnowsIsReadAsASchedule() throws SQLException {
        store.end(begun(store.queue(request("a", 0, true)), 0), JobOutcome.of(Ending.ERROR, "no"), at(1), List.of());
        store.queue(new JobRequest(JobKind.REPLICATION, List.of("b"), at(0), at(0), Origin.BY_HAND, true));
        store.close();
        change(
                folder.resolve("tasks"),
                "UPDATE zl_job SET origin = 'BY_THE_MOON'",
                "UPDATE zl_history SET origin = 'BY_THE_MOON'");
        store = open();
        assertThat(store.waiting(at(60))).extracting(Job::origin).containsExactly(Origin.SCHEDULE);
        assertThat(store.memories())
                .extracting(memory -> memory.last().job().origin())
                .containsExactly(Origin.SCHEDULE);
    }

    /** Refused before anything in it is changed. */
    @Test
    void theFileOfALaterVersionIsRefused() throws SQLException {
        store.close();
        change(folder.resolve("tasks"), "UPDATE zl_clock SET format = 3", "DROP TABLE zl_paused");
        assertThatThrownBy(this::open)
                .isInstanceOf(TaskStoreException.class)
                .hasMessageContaining("has format 3, which a later version wrote; this one reads up to 2");
        assertThatThrownBy(() -> change(folder.resolve("tasks"), "DELETE FROM zl_paused"))
                .isInstanceOf(SQLException.class);
    }

    private static void change(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:async:" + file, "", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
