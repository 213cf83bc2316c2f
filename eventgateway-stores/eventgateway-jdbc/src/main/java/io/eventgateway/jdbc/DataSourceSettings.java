package io.eventgateway.jdbc;

import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a data source says of itself, if it does: HikariCP, DBCP, Tomcat's, and most of those without a pool. */
final class DataSourceSettings {
    private static final List<String> SIZES = List.of("getMaximumPoolSize", "getMaxTotal", "getMaxActive");
    private static final List<String> URLS = List.of("getJdbcUrl", "getUrl", "getURL");
    private static final List<String> INNER = List.of("getDataSource", "getTargetDataSource");
    private static final int MAX_DEPTH = 5;

    private DataSourceSettings() {}

    /** The URL of the database; null when the data source does not say. */
    static @Nullable String url(DataSource dataSource) {
        Object asked = dataSource;
        for (int depth = 0; depth < MAX_DEPTH && asked instanceof DataSource; depth++) {
            Object url = ask(asked, URLS);
            if (url != null) {
                return url.toString();
            }
            asked = ask(asked, INNER);
        }
        return null;
    }

    private static @Nullable Object ask(Object dataSource, List<String> getters) {
        for (String getter : getters) {
            Object answer = ask(dataSource, getter);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    /** Refuses a pool of one connection: the stores would wait for each other until the pool's time limit, and fail. */
    static void checkSize(DataSource dataSource) {
        for (String getter : SIZES) {
            if (Integer.valueOf(1).equals(ask(dataSource, getter))) {
                throw new IllegalArgumentException("the pool of the stores has 1 connection and needs at least 2,"
                        + " better 6, since some read while others write; raise its maximum size");
            }
        }
    }

    private static @Nullable Object ask(Object dataSource, String getter) {
        try {
            return dataSource.getClass().getMethod(getter).invoke(dataSource);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // a data source that does not say, or not to us
        }
    }
}
