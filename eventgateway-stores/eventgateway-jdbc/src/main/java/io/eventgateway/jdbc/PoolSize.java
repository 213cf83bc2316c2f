package io.eventgateway.jdbc;

import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tells pools that are too small, as far as they say how large they are: HikariCP, DBCP and Tomcat's do. */
final class PoolSize {
    private static final List<String> GETTERS = List.of("getMaximumPoolSize", "getMaxTotal", "getMaxActive");

    private PoolSize() {}

    /** Refuses a pool of one connection: the stores would wait for each other until the pool's time limit, and fail. */
    static void check(DataSource dataSource) {
        for (String getter : GETTERS) {
            if (Integer.valueOf(1).equals(ask(dataSource, getter))) {
                throw new IllegalArgumentException("the pool of the stores has 1 connection and needs at least 2,"
                        + " better 6, since some read while others write; raise its maximum size");
            }
        }
    }

    private static @Nullable Object ask(DataSource dataSource, String getter) {
        try {
            return dataSource.getClass().getMethod(getter).invoke(dataSource);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // a data source that does not say, or not to us
        }
    }
}
