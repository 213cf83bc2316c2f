package io.eventgateway.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Connections that make a commit and lose its answer, as a network does that fails at that moment. A statement in auto-commit is a
 * commit, too.
 */
final class LostAnswers extends DelegatingDataSource {
    private final AtomicInteger left = new AtomicInteger();
    private volatile Predicate<String> statements = sql -> false;
    private volatile boolean away;

    LostAnswers(DataSource dataSource) {
        super(dataSource);
    }

    /** Loses the next answers to transactions that have a statement like that. */
    void lose(int answers, Predicate<String> ofStatements) {
        statements = ofStatements;
        left.set(answers);
    }

    /** Loses the next answers to whatever transactions. */
    void lose(int answers) {
        lose(answers, sql -> true);
    }

    /** Returns how many answers are still to be lost. */
    int left() {
        return left.get();
    }

    /** Gives no connection while that is so. */
    void away(boolean isAway) {
        away = isAway;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (away) {
            throw new SQLException("the database is away", "08001");
        }
        Connection connection = super.getConnection();
        boolean[] meant = new boolean[1];
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") && meant[0]) {
                        meant[0] = false;
                        connection.commit();
                        lostOnce(connection);
                        return null;
                    }
                    Object result = invoke(() -> method.invoke(connection, arguments));
                    if (result instanceof PreparedStatement statement
                            && arguments[0] instanceof String sql
                            && statements.test(sql)) {
                        meant[0] = true;
                        return losing(connection, statement);
                    }
                    return result;
                });
    }

    private PreparedStatement losing(Connection connection, PreparedStatement statement) {
        return (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    Object result = invoke(() -> method.invoke(statement, arguments));
                    if (method.getName().startsWith("execute") && connection.getAutoCommit()) {
                        lostOnce(connection);
                    }
                    return result;
                });
    }

    private void lostOnce(Connection connection) throws SQLException {
        if (left.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
            connection.close();
            throw new SQLException("the answer was lost", "08006");
        }
    }

    private interface Call {
        Object make() throws Throwable;
    }

    private static Object invoke(Call call) throws Throwable {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
