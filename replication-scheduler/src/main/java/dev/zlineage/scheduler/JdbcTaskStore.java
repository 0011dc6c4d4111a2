// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import dev.zlineage.scheduler.JobOutcome.Ending;
import dev.zlineage.scheduler.Sql.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * A store in a database: a file of its own, or any that several processes share. Its tables, whose names begin with
 * {@code zl_}, are made where they are missing. Moments are milliseconds since 1970, so that no zone of a database has a say.
 *
 * <p>Safe for use by several threads, and by several processes unless it is in a file of its own: one of them leads and begins
 * jobs, the others take over when it has said nothing for a while. The latest ten thousand jobs are remembered, and the last one
 * of each task.
 */
public final class JdbcTaskStore implements TaskStore {

    private static final int REMEMBERED = 10_000;

    /** So many jobs end until what is too old is forgotten. */
    private static final int FORGETS_EACH = 100;

    /** What is longer is cut: a thousand warnings are of no more use than the first fifty. */
    private static final int LONGEST_TEXT = 4000;

    private static final int MOST_WARNINGS = 50;

    private static final String MEMORIES = "SELECT h.*, m.task AS of_task, m.last_snapshot AS newest"
            + " FROM zl_memory m JOIN zl_history h ON h.id = m.job";

    private final Sql sql;
    private final Runnable closing;

    private JdbcTaskStore(DataSource database, Runnable closing) {
        this.sql = new Sql(database);
        this.closing = closing;
        sql.transaction(JdbcTables::prepare);
    }

    /**
     * A store in any database that knows SQL as PostgreSQL and H2 do.
     *
     * @param database gives connections; it is not closed
     * @return a store
     * @throws TaskStoreException if the database can't be used
     */
    public static JdbcTaskStore in(DataSource database) {
        return new JdbcTaskStore(database, () -> {});
    }

    /**
     * A store in a file of its own, which one process opens at a time. What an earlier process began and did not end can be
     * begun again at once: that process is not there any more.
     *
     * @param file where; {@code .mv.db} is added to its name
     * @return a store
     * @throws TaskStoreException if the file can't be used, or another process has opened it
     */
    public static JdbcTaskStore file(Path file) {
        FileChannel alone = lock(file);
        JdbcConnectionPool pool = JdbcConnectionPool.create(
                "jdbc:h2:async:" + file.toAbsolutePath() + ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;WRITE_DELAY=0",
                "",
                "");
        Runnable closing = () -> {
            pool.dispose();
            close(alone);
        };
        try {
            JdbcTaskStore store = new JdbcTaskStore(pool, closing);
            store.sql.transaction(t -> t.change("UPDATE zl_job SET node = NULL, lease_until = NULL")
                    + t.change("UPDATE zl_clock SET leader = NULL WHERE id = 1"));
            return store;
        } catch (RuntimeException e) {
            closing.run();
            throw e;
        }
    }

    /** H2 shares a file within a process, and two services would run each job twice. */
    private static FileChannel lock(Path file) {
        Path path = Path.of(file.toAbsolutePath() + ".lock");
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                close(channel);
                throw inUse(file, e);
            }
            close(channel);
            throw inUse(file, new IOException(path + " is locked"));
        } catch (IOException e) {
            throw new TaskStoreException("the store of tasks can't be written: " + e.getMessage(), e);
        }
    }

    private static TaskStoreException inUse(Path file, Exception cause) {
        return new TaskStoreException("the store of tasks " + file + " is in use: another service runs on it", cause);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<Instant> cursor() {
        return sql.transaction(
                t -> t.row("SELECT cursor_at FROM zl_clock WHERE id = 1", row -> moment(row, "cursor_at"))
                        .flatMap(cursor -> cursor));
    }

    @Override
    public boolean advance(Optional<Instant> from, Instant to, List<JobRequest> due, Optional<Set<String>> schedules) {
        return sql.transaction(t -> {
            int moved = t.change(
                    "UPDATE zl_clock SET cursor_at = ? WHERE id = 1 AND (cursor_at = ? OR ? = 0 AND cursor_at IS NULL)",
                    to.toEpochMilli(),
                    from.map(Instant::toEpochMilli).orElse(0L),
                    from.isPresent() ? 1 : 0);
            if (moved == 0) {
                return false;
            }
            for (JobRequest request : due) {
                queue(t, request);
            }
            if (schedules.isPresent()) {
                follow(t, schedules.get());
            }
            return true;
        });
    }

    private static void follow(Transaction t, Set<String> schedules) throws SQLException {
        Set<String> before = schedules(t);
        for (String gone : before) {
            if (!schedules.contains(gone)) {
                t.change("DELETE FROM zl_followed WHERE schedule = ?", gone);
            }
        }
        for (String schedule : schedules) {
            if (!before.contains(schedule)) {
                t.change("INSERT INTO zl_followed (schedule) VALUES (?)", schedule);
            }
        }
        t.change("UPDATE zl_clock SET follows = ? WHERE id = 1", schedules.size());
    }

    private static Set<String> schedules(Transaction t) throws SQLException {
        return new HashSet<>(t.rows("SELECT schedule FROM zl_followed", row -> row.getString(1)));
    }

    @Override
    public Optional<Set<String>> followed() {
        return sql.transaction(t -> t.row("SELECT id FROM zl_clock WHERE id = 1 AND follows IS NOT NULL", row -> 1)
                        .isPresent()
                ? Optional.of(schedules(t))
                : Optional.empty());
    }

    @Override
    public Optional<Instant> lead(String node, Instant says, Optional<Instant> silent) {
        return sql.transaction(t -> {
            boolean mine = t.change(
                            "UPDATE zl_clock SET lead_until = ? WHERE id = 1 AND leader = ?", says.toEpochMilli(), node)
                    == 1;
            if (mine) {
                return Optional.empty();
            }
            int taken = t.change(
                    "UPDATE zl_clock SET leader = ?, lead_until = ?"
                            + " WHERE id = 1 AND (leader IS NULL OR ? = 1 AND lead_until = ?)",
                    node,
                    says.toEpochMilli(),
                    silent.isPresent() ? 1 : 0,
                    silent.map(Instant::toEpochMilli).orElse(0L));
            if (taken == 1) {
                t.change("UPDATE zl_job SET node = NULL, lease_until = NULL");
                return Optional.empty();
            }
            return t.row("SELECT lead_until FROM zl_clock WHERE id = 1", row -> moment(row, "lead_until"))
                    .flatMap(said -> said);
        });
    }

    @Override
    public void resign(String node) {
        sql.transaction(t -> t.change("UPDATE zl_clock SET leader = NULL WHERE id = 1 AND leader = ?", node));
    }

    @Override
    public Job queue(JobRequest request) {
        return sql.transaction(t -> {
            alone(t);
            return queue(t, request);
        });
    }

    /** Whoever changes which jobs there are takes this row first, so that two of them wait for each other in one order. */
    private static void alone(Transaction t) throws SQLException {
        t.row("SELECT id FROM zl_clock WHERE id = 1 FOR UPDATE", row -> 1);
    }

    private static Job queue(Transaction t, JobRequest request) throws SQLException {
        if (request.joins()) {
            Optional<Job> waits = t
                    .rows(
                            "SELECT * FROM zl_job WHERE tasks_key = ? AND kind = ? AND tasks = ? AND node IS NULL ORDER BY id"
                                    + " FOR UPDATE",
                            JdbcTaskStore::job,
                            key(request.tasks()),
                            request.kind().name(),
                            Words.of(request.tasks()))
                    .stream()
                    .findFirst()
                    .map(job -> job.with(request));
            if (waits.isPresent()) {
                t.change(
                        "UPDATE zl_job SET due = ?, not_before = ?, origin = ? WHERE id = ?",
                        moments(waits.get().due()),
                        waits.get().notBefore().toEpochMilli(),
                        waits.get().origin().name(),
                        waits.get().id());
                return waits.get();
            }
        }
        Job job = Job.of(next(t, "last_job"), request);
        insert(t, job);
        return job;
    }

    private static void insert(Transaction t, Job job) throws SQLException {
        t.change(
                "INSERT INTO zl_job (id, kind, tasks, due, not_before, origin, attempts, fence, tasks_key)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
                job.id(),
                job.kind().name(),
                Words.of(job.tasks()),
                moments(job.due()),
                job.notBefore().toEpochMilli(),
                job.origin().name(),
                job.attempts(),
                key(job.tasks()));
    }

    private static String key(List<String> tasks) {
        String words = Words.of(tasks);
        return words.length() <= JdbcTables.KEY_LENGTH ? words : words.substring(0, JdbcTables.KEY_LENGTH);
    }

    private static long next(Transaction t, String counter) throws SQLException {
        t.change("UPDATE zl_clock SET " + counter + " = " + counter + " + 1 WHERE id = 1");
        return t.row("SELECT " + counter + " FROM zl_clock WHERE id = 1", row -> row.getLong(1))
                .orElseThrow();
    }

    @Override
    public List<Job> waiting(Instant now) {
        return sql.transaction(t -> t.rows(
                "SELECT * FROM zl_job WHERE node IS NULL OR lease_until <= ? ORDER BY id",
                JdbcTaskStore::job,
                now.toEpochMilli()));
    }

    @Override
    public Optional<Lease> begin(long job, String node, Instant now, Instant until) {
        return sql.transaction(t -> {
            long fence = next(t, "last_fence");
            int begun = t.change(
                    "UPDATE zl_job SET node = ?, fence = ?, began_at = ?, lease_until = ?, attempts = attempts + 1"
                            + " WHERE id = ? AND (node IS NULL OR lease_until <= ?)"
                            + " AND EXISTS (SELECT id FROM zl_clock WHERE leader IS NULL OR leader = ?)",
                    node,
                    fence,
                    now.toEpochMilli(),
                    until.toEpochMilli(),
                    job,
                    now.toEpochMilli(),
                    node);
            return begun == 1 ? Optional.of(new Lease(job, node, fence, until)) : Optional.empty();
        });
    }

    @Override
    public boolean holds(Lease lease) {
        return sql.transaction(t -> t.row(
                        "SELECT id FROM zl_job WHERE id = ? AND fence = ? AND node IS NOT NULL",
                        row -> row.getLong(1),
                        lease.job(),
                        lease.fence())
                .isPresent());
    }

    @Override
    public boolean renew(Lease lease, Instant until) {
        return sql.transaction(t -> t.change(
                        "UPDATE zl_job SET lease_until = ? WHERE id = ? AND fence = ? AND node IS NOT NULL",
                        until.toEpochMilli(),
                        lease.job(),
                        lease.fence())
                == 1);
    }

    @Override
    public boolean end(Lease lease, JobOutcome outcome, Instant at, List<JobRequest> following) {
        return sql.transaction(t -> {
            alone(t);
            if (!ended(t, outcome, at, "node IS NOT NULL AND id = ? AND fence = ?", lease.job(), lease.fence())) {
                return false;
            }
            for (JobRequest request : following) {
                queue(t, request);
            }
            return true;
        });
    }

    @Override
    public boolean drop(long job, JobOutcome outcome, Instant at) {
        return sql.transaction(t -> {
            alone(t);
            return ended(t, outcome, at, "(node IS NULL OR lease_until <= ?) AND id = ?", at.toEpochMilli(), job);
        });
    }

    @Override
    public Optional<Job> split(long id, String task) {
        return sql.transaction(t -> {
            alone(t);
            Optional<Job> found = t.row(
                            "SELECT * FROM zl_job WHERE id = ? AND node IS NULL FOR UPDATE", JdbcTaskStore::job, id)
                    .filter(job -> job.tasks().contains(task) && job.tasks().size() > 1);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            List<String> others = new ArrayList<>(found.get().tasks());
            others.remove(task);
            t.change("UPDATE zl_job SET tasks = ?, tasks_key = ? WHERE id = ?", Words.of(others), key(others), id);
            Job alone = found.get().of(next(t, "last_job"), List.of(task));
            insert(t, alone);
            return Optional.of(alone);
        });
    }

    private static boolean ended(Transaction t, JobOutcome outcome, Instant at, String which, Object... arguments)
            throws SQLException {
        Optional<JobRecord> found = t.row(
                "SELECT * FROM zl_job WHERE " + which + " FOR UPDATE",
                row -> new JobRecord(job(row), moment(row, "began_at"), at, outcome),
                arguments);
        if (found.isEmpty()) {
            return false;
        }
        Job job = found.get().job();
        t.change("DELETE FROM zl_job WHERE id = ?", job.id());
        t.change(
                "INSERT INTO zl_history (id, kind, tasks, due, not_before, origin, attempts, began_at, ended_at, ending,"
                        + " message, warnings, last_snapshot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                job.id(),
                job.kind().name(),
                Words.of(job.tasks()),
                moments(job.due()),
                job.notBefore().toEpochMilli(),
                job.origin().name(),
                job.attempts(),
                found.get().began().map(Instant::toEpochMilli),
                at.toEpochMilli(),
                outcome.ending().name(),
                clipped(outcome.text()),
                Words.of(few(outcome.warnings())),
                outcome.lastSnapshot());
        for (String task : job.tasks()) {
            remember(t, job, task, outcome);
        }
        if (job.id() % FORGETS_EACH == 0) {
            t.change(
                    "DELETE FROM zl_history WHERE id <= ? AND id NOT IN (SELECT job FROM zl_memory)",
                    job.id() - REMEMBERED);
        }
        return true;
    }

    private static String clipped(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }

    private static List<String> few(List<String> warnings) {
        List<String> few = new ArrayList<>(warnings.stream()
                .limit(MOST_WARNINGS)
                .map(JdbcTaskStore::clipped)
                .toList());
        if (warnings.size() > MOST_WARNINGS) {
            few.add("and " + (warnings.size() - MOST_WARNINGS) + " more");
        }
        return few;
    }

    private static void remember(Transaction t, Job job, String task, JobOutcome outcome) throws SQLException {
        String kind = job.kind().name();
        boolean known = t.row("SELECT job FROM zl_memory WHERE kind = ? AND task = ?", row -> 1, kind, task)
                .isPresent();
        if (!known) {
            t.change(
                    "INSERT INTO zl_memory (kind, task, job, last_snapshot) VALUES (?, ?, ?, ?)",
                    kind,
                    task,
                    job.id(),
                    outcome.lastSnapshot());
        } else if (outcome.ending() != Ending.SKIPPED) {
            t.change(
                    "UPDATE zl_memory SET job = ?, last_snapshot = COALESCE(?, last_snapshot) WHERE kind = ? AND task = ?",
                    job.id(),
                    outcome.lastSnapshot(),
                    kind,
                    task);
        }
    }

    @Override
    public void giveBack(Lease lease) {
        sql.transaction(t -> t.change(
                "UPDATE zl_job SET node = NULL, lease_until = NULL WHERE id = ? AND fence = ?",
                lease.job(),
                lease.fence()));
    }

    @Override
    public List<JobRecord> history(Optional<String> task, int atMost) {
        return sql.transaction(t -> {
            List<JobRecord> found = new ArrayList<>();
            for (JobRecord ended : t.rows(
                    "SELECT * FROM zl_history ORDER BY ended_at DESC, id DESC FETCH FIRST ? ROWS ONLY",
                    JdbcTaskStore::ended,
                    task.isPresent() ? REMEMBERED : Math.min(atMost, REMEMBERED))) {
                if (found.size() < atMost
                        && task.filter(id -> !ended.job().tasks().contains(id)).isEmpty()) {
                    found.add(ended);
                }
            }
            return found;
        });
    }

    @Override
    public List<Memory> memories() {
        return sql.transaction(t -> t.rows(MEMORIES, JdbcTaskStore::remembered));
    }

    @Override
    public Optional<Memory> memory(JobKind kind, String task) {
        return sql.transaction(t ->
                t.row(MEMORIES + " WHERE m.kind = ? AND m.task = ?", JdbcTaskStore::remembered, kind.name(), task));
    }

    private static Memory remembered(ResultSet row) throws SQLException {
        return new Memory(
                JobKind.valueOf(row.getString("kind")),
                row.getString("of_task"),
                ended(row),
                Optional.ofNullable(row.getString("newest")));
    }

    @Override
    public Set<String> paused() {
        return new HashSet<>(sql.transaction(t -> t.rows("SELECT task FROM zl_paused", row -> row.getString(1))));
    }

    @Override
    public void pause(String task, boolean yes) {
        sql.transaction(t -> {
            t.change("DELETE FROM zl_paused WHERE task = ?", task);
            return yes ? t.change("INSERT INTO zl_paused (task) VALUES (?)", task) : 0;
        });
    }

    @Override
    public void close() {
        closing.run();
    }

    private static Job job(ResultSet row) throws SQLException {
        return new Job(
                row.getLong("id"),
                JobKind.valueOf(row.getString("kind")),
                Words.read(row.getString("tasks")),
                Words.read(row.getString("due")).stream()
                        .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                        .toList(),
                Instant.ofEpochMilli(row.getLong("not_before")),
                origin(row.getString("origin")),
                row.getInt("attempts"));
    }

    /** Nobody waits for a job for a reason that only a later version knows: it is run, or was, as by a schedule. */
    private static Origin origin(String word) {
        return Arrays.stream(Origin.values())
                .filter(known -> known.name().equals(word))
                .findFirst()
                .orElse(Origin.SCHEDULE);
    }

    private static JobRecord ended(ResultSet row) throws SQLException {
        return new JobRecord(
                job(row),
                moment(row, "began_at"),
                Instant.ofEpochMilli(row.getLong("ended_at")),
                new JobOutcome(
                        Ending.valueOf(row.getString("ending")),
                        row.getString("message"),
                        Words.read(row.getString("warnings")),
                        Optional.ofNullable(row.getString("last_snapshot"))));
    }

    private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private static String moments(List<Instant> moments) {
        return Words.of(moments.stream()
                .map(moment -> Long.toString(moment.toEpochMilli()))
                .toList());
    }
}
