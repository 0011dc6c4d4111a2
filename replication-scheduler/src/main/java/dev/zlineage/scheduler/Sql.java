// SPDX-License-Identifier: Apache-2.0
package dev.zlineage.scheduler;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** One transaction after another on a database. */
final class Sql {

    /** What one transaction does. */
    interface Work<T> {
        T in(Transaction transaction) throws SQLException;
    }

    /** Reads a row. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final DataSource database;

    Sql(DataSource database) {
        this.database = database;
    }

    /** All of it, or nothing. */
    <T> T transaction(Work<T> work) {
        // a database in this process closes its file when the thread that reads it is interrupted
        boolean interrupted = Thread.interrupted();
        try {
            return uninterrupted(work);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T uninterrupted(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.in(new Transaction(connection));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new TaskStoreException("the store of tasks: " + e.getMessage(), e);
        }
    }

    /** A connection within a transaction. Arguments are texts, numbers and {@code Optional} of these, empty for NULL. */
    record Transaction(Connection connection) {

        int change(String sql, Object... arguments) throws SQLException {
            try (PreparedStatement statement = prepared(sql, arguments)) {
                return statement.executeUpdate();
            }
        }

        <T> List<T> rows(String sql, Row<T> reader, Object... arguments) throws SQLException {
            try (PreparedStatement statement = prepared(sql, arguments);
                    ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(reader.read(result));
                }
                return rows;
            }
        }

        <T> Optional<T> row(String sql, Row<T> reader, Object... arguments) throws SQLException {
            return rows(sql, reader, arguments).stream().findFirst();
        }

        private PreparedStatement prepared(String sql, Object... arguments) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            for (int i = 0; i < arguments.length; i++) {
                Object argument = arguments[i];
                statement.setObject(i + 1, argument instanceof Optional<?> maybe ? maybe.orElse(null) : argument);
            }
            return statement;
        }
    }
}
