package io.eventgateway.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks from one function that has free deliveries to the next by the index, so that the cost depends on how many functions have some
 * and not on how many deliveries there are. Each walk begins behind the last function of the one before, so that every function comes
 * first in its turn. Thread-safe.
 */
final class FreeFunctions {
    static final String NEXT_FUNCTION = "SELECT function_id FROM {delivery}"
            + " WHERE holder = '' AND space = ? AND function_id > ? ORDER BY function_id LIMIT 1";
    static final String NEXT_SPACE =
            "SELECT space FROM {delivery} WHERE holder = '' AND space > ? ORDER BY space LIMIT 1";

    /** A function of a space. */
    record Place(String space, String function) {
        static final Place START = new Place("", "");

        boolean isBehind(Place other) {
            int spaces = space.compareTo(other.space);
            return spaces > 0 || (spaces == 0 && function.compareTo(other.function) > 0);
        }
    }

    private final Database database;
    private volatile Place last = Place.START;

    FreeFunctions(Database database) {
        this.database = database;
    }

    /** Finds functions that pass a test, at most so many, beginning behind those of the last walk. */
    List<Place> next(Connection connection, BiPredicate<String, String> callable, int atMost) throws SQLException {
        Place start = last;
        List<Place> found = new ArrayList<>();
        boolean fromTheFirst = start.equals(Place.START);
        Place at = after(connection, start);
        while (found.size() < atMost) {
            if (at == null) {
                if (fromTheFirst) {
                    break;
                }
                fromTheFirst = true;
                at = after(connection, Place.START);
                continue;
            }
            if (fromTheFirst && !start.equals(Place.START) && at.isBehind(start)) {
                break; // once around
            }
            if (callable.test(at.space(), at.function())) {
                found.add(at);
            }
            at = after(connection, at);
        }
        if (!found.isEmpty()) {
            last = found.get(found.size() - 1);
        }
        return found;
    }

    private @Nullable Place after(Connection connection, Place at) throws SQLException {
        String space = at.space().isEmpty() ? next(connection, NEXT_SPACE, "") : at.space();
        String function = at.function();
        while (space != null) {
            String next = next(connection, NEXT_FUNCTION, space, function);
            if (next != null) {
                return new Place(space, next);
            }
            function = "";
            space = next(connection, NEXT_SPACE, space);
        }
        return null;
    }

    private @Nullable String next(Connection connection, String sql, @Nullable Object... after) throws SQLException {
        return Rows.first(connection, database.sql(sql), rows -> rows.getString(1), after);
    }
}
