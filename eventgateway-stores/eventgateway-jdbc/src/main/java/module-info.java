/** Keeps events, deliveries and subscriptions in a database, over JDBC. */
@SuppressWarnings({"module", "requires-automatic"}) // the driver names its module in its manifest only
module io.eventgateway.jdbc {
    requires transitive io.eventgateway.core;
    requires transitive java.sql;
    requires transitive org.jspecify;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires static org.postgresql.jdbc; // to listen, where the application brings that driver

    exports io.eventgateway.jdbc;
}
