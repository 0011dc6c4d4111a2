// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.Sql.Transaction;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables of a store in a database. Format 1 had them without what is added to them here, or with it: they were given all of it
 * before the number was.
 */
final class JdbcTables {

    /** So much of its tasks is what a job is found by. */
    static final int KEY_LENGTH = 200;

    private static final int FORMAT = 2;

    private static final String CLOCK =
            "CREATE TABLE IF NOT EXISTS zl_clock (id INT PRIMARY KEY, cursor_at BIGINT, last_job BIGINT NOT NULL,"
                    + " last_fence BIGINT NOT NULL, format INT NOT NULL)";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS zl_followed (schedule VARCHAR(1000) PRIMARY KEY)",
            "CREATE TABLE IF NOT EXISTS zl_job (id BIGINT PRIMARY KEY, kind VARCHAR(20) NOT NULL,"
                    + " tasks VARCHAR(100000) NOT NULL, due VARCHAR(100000) NOT NULL, not_before BIGINT NOT NULL,"
                    + " origin VARCHAR(20) NOT NULL, attempts INT NOT NULL, fence BIGINT NOT NULL, node VARCHAR(200),"
                    + " began_at BIGINT, lease_until BIGINT)",
            "CREATE TABLE IF NOT EXISTS zl_history (id BIGINT PRIMARY KEY, kind VARCHAR(20) NOT NULL,"
                    + " tasks VARCHAR(100000) NOT NULL, due VARCHAR(100000) NOT NULL, not_before BIGINT NOT NULL,"
                    + " origin VARCHAR(20) NOT NULL, attempts INT NOT NULL, began_at BIGINT, ended_at BIGINT NOT NULL,"
                    + " ending VARCHAR(20) NOT NULL, message VARCHAR(100000) NOT NULL,"
                    + " warnings VARCHAR(1000000) NOT NULL, last_snapshot VARCHAR(1000))",
            "CREATE TABLE IF NOT EXISTS zl_memory (kind VARCHAR(20) NOT NULL, task VARCHAR(1000) NOT NULL,"
                    + " job BIGINT NOT NULL, last_snapshot VARCHAR(1000), PRIMARY KEY (kind, task))",
            "CREATE TABLE IF NOT EXISTS zl_paused (task VARCHAR(1000) PRIMARY KEY)");

    /** {@code follows} tells how many schedules are followed; NULL where nobody has written down which. */
    private static final List<String> SINCE_2 = List.of(
            "ALTER TABLE zl_clock ADD COLUMN IF NOT EXISTS leader VARCHAR(200)",
            "ALTER TABLE zl_clock ADD COLUMN IF NOT EXISTS lead_until BIGINT",
            "ALTER TABLE zl_clock ADD COLUMN IF NOT EXISTS follows INT",
            "UPDATE zl_clock SET follows = (SELECT COUNT(*) FROM zl_followed)"
                    + " WHERE EXISTS (SELECT schedule FROM zl_followed)",
            "ALTER TABLE zl_job ADD COLUMN IF NOT EXISTS tasks_key VARCHAR(" + KEY_LENGTH + ")",
            "UPDATE zl_job SET tasks_key = SUBSTRING(tasks, 1, " + KEY_LENGTH + ") WHERE tasks_key IS NULL",
            "ALTER TABLE zl_job ALTER COLUMN tasks_key SET NOT NULL",
            "CREATE INDEX IF NOT EXISTS zl_job_tasks ON zl_job (tasks_key)",
            "UPDATE zl_clock SET format = 2 WHERE id = 1");

    private JdbcTables() {}

    /** Makes those that are missing, and brings what an earlier version made to what this one needs. */
    static int prepare(Transaction t) throws SQLException {
        t.change(CLOCK);
        if (t.row("SELECT id FROM zl_clock WHERE id = 1", row -> 1).isEmpty()) {
            t.change("INSERT INTO zl_clock (id, last_job, last_fence, format) VALUES (1, 0, 0, 1)");
        }
        int format = t.row("SELECT format FROM zl_clock WHERE id = 1", row -> row.getInt(1))
                .orElseThrow();
        if (format > FORMAT) {
            throw new TaskStoreException(
                    "the store of tasks has format " + format + ", which a later version wrote; this one reads up to "
                            + FORMAT + ". Run that version, or begin with another store",
                    new IllegalStateException());
        }
        if (format < FORMAT) {
            for (String table : TABLES) {
                t.change(table);
            }
            for (String step : SINCE_2) {
                t.change(step);
            }
        }
        return FORMAT;
    }
}
