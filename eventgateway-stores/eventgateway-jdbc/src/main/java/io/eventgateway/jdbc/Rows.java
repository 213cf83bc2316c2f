package io.eventgateway.jdbc;

import io.eventgateway.spi.EventStore.DeliveryId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statements with parameters, in short. */
final class Rows {
    /** Reads the row that a result is at. */
    @FunctionalInterface
    interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private Rows() {}

    static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            return statement.executeUpdate();
        }
    }

    /**
     * Executes an {@linkplain Dialect#insertIfAbsent insert that does nothing when there is such a row}; returns whether there was
     * none. The transaction goes on in either case.
     */
    static boolean insertIfAbsent(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        try {
            return update(connection, sql, parameters) > 0;
        } catch (SQLException e) {
            if (Dialect.isDuplicate(e)) { // H2, where only the statement has failed
                return false;
            }
            throw e;
        }
    }

    /** Executes a statement for many sets of parameters; returns how many rows each changed. */
    static int[] updateAll(Connection connection, String sql, Collection<@Nullable Object[]> all) throws SQLException {
        if (all.isEmpty()) {
            return new int[0];
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] parameters : all) {
                set(statement, parameters);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }

    static <T> List<T> query(Connection connection, String sql, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, parameters);
            try (ResultSet rows = statement.executeQuery()) {
                List<T> read = new ArrayList<>();
                while (rows.next()) {
                    read.add(reader.read(rows));
                }
                return read;
            }
        }
    }

    /** The first row; null when there is none. */
    static <T> @Nullable T first(Connection connection, String sql, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        List<T> all = query(connection, sql, reader, parameters);
        return all.isEmpty() ? null : all.get(0);
    }

    static void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else if (value instanceof String text) {
                statement.setString(i + 1, text);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    /** What is done with some values of a list: as many marks as parameters. */
    @FunctionalInterface
    interface Batch {
        void run(String marks, @Nullable Object[] parameters) throws SQLException;
    }

    private static final int BATCH = 50;
    private static final String MARKS = String.join(", ", Collections.nCopies(BATCH, "?"));

    /** Goes through a list with always as many parameters, the last repeated, so that it is always the same statement. */
    static void inBatches(List<Long> values, Batch batch) throws SQLException {
        for (int from = 0; from < values.size(); from += BATCH) {
            @Nullable Object[] parameters = new Object[BATCH];
            for (int i = 0; i < BATCH; i++) {
                parameters[i] = values.get(Math.min(from + i, values.size() - 1));
            }
            batch.run(MARKS, parameters);
        }
    }

    /** What is done with some deliveries of one instance: parameters are the instance, and as many numbers as there are marks. */
    @FunctionalInterface
    interface DeliveriesBatch {
        void run(String instance, String marks, @Nullable Object[] parameters) throws SQLException;
    }

    /** Goes through the ids of deliveries by instance, as {@link #inBatches} does. */
    static void ofDeliveries(Collection<DeliveryId> ids, DeliveriesBatch batch) throws SQLException {
        Map<String, List<Long>> byInstance = new HashMap<>();
        ids.forEach(id -> byInstance
                .computeIfAbsent(id.instance(), added -> new ArrayList<>())
                .add(id.number()));
        for (Map.Entry<String, List<Long>> each : byInstance.entrySet()) {
            inBatches(each.getValue(), (marks, some) -> {
                @Nullable Object[] parameters = new Object[some.length + 1];
                parameters[0] = each.getKey();
                System.arraycopy(some, 0, parameters, 1, some.length);
                batch.run(each.getKey(), marks, parameters);
            });
        }
    }

    /** A column that may be null. */
    static @Nullable Long longOrNull(ResultSet rows, int column) throws SQLException {
        long value = rows.getLong(column);
        return rows.wasNull() ? null : value;
    }
}
