package io.eventgateway.jdbc;

import java.sql.SQLException;

/** The connection was lost in a commit, which may have been made or not. */
final class InDoubtException extends SQLException {
    private static final long serialVersionUID = 1L;

    InDoubtException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }
}
