package io.eventgateway.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventgateway.EventGateway;
import io.eventgateway.history.EventQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a process with an H2 file that ends without closing its gateway. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class H2ProcessTest {
    @TempDir
    Path directory;

    private String url() {
        return "jdbc:h2:file:" + directory.resolve("db");
    }

    private Path log() {
        return directory.resolve("log");
    }

    private List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** The tables are made in a life of the database before, whose settings it forgets. */
    private void migrate() throws Exception {
        DataSource dataSource = H2Worker.dataSource(url(), false);
        try (Connection connection = dataSource.getConnection()) {
            assertThat(connection.isValid(1)).isTrue();
            JdbcStores.migrate(dataSource);
        }
    }

    private void run(String url, boolean pooled, String ending) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        H2Worker.class.getName(),
                        url,
                        Boolean.toString(pooled),
                        ending,
                        directory.resolve("calls").toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasAcceptedAndDeliveredIsInTheFileThoughTheProcessIsHalted(boolean pooled) throws Exception {
        migrate();

        run(url(), pooled, "halt");

        JdbcStores stores = JdbcStores.of(H2Worker.dataSource(url(), false));
        try (EventGateway gateway = EventGateway.builder().stores(stores).build()) {
            assertThat(gateway.history().events(EventQuery.all())).hasSize(H2Worker.EVENTS);
            assertThat(gateway.subscriptions().get("s")).isPresent();
            assertThat(stores.status().pending()).isZero();
        }
        assertThat(calls()).doesNotHaveDuplicates().hasSize(H2Worker.EVENTS);
    }

    @Test
    void warnsOnceThatH2ClosesTheDatabaseBesideTheGateway() throws Exception {
        migrate();

        run(url(), true, "halt");

        assertThat(Files.readAllLines(log()))
                .filteredOn(line -> line.contains("DB_CLOSE_ON_EXIT=FALSE"))
                .hasSize(1);
    }

    @Test
    void aMainThatEndsWithoutCloseWritesTheEndsOfItsDeliveriesWhereH2LeavesTheDatabaseOpen() throws Exception {
        migrate();

        run(url() + ";DB_CLOSE_ON_EXIT=FALSE", true, "return");

        assertThat(Files.readAllLines(log())).noneMatch(line -> line.contains("WARN") || line.contains("ERROR"));
        assertThat(calls()).doesNotHaveDuplicates().hasSize(H2Worker.EVENTS);
        JdbcStores stores = JdbcStores.of(H2Worker.dataSource(url(), false));
        assertThat(stores.status().pending()).isZero();
    }
}
