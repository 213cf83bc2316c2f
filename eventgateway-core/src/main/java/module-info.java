/** An embeddable library that routes an application's events to functions. */
@SuppressWarnings({"module", "requires-automatic", "requires-transitive-automatic"
}) // cloudevents-api names its module in its manifest only
module io.eventgateway.core {
    requires transitive io.cloudevents.api;
    requires transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires transitive com.fasterxml.jackson.annotation;
    requires com.dashjoin.jsonata;
    requires org.slf4j;
    requires static transitive java.sql; // a connection is what an emission may be in

    exports io.eventgateway;
    exports io.eventgateway.annotation;
    exports io.eventgateway.delivery;
    exports io.eventgateway.error;
    exports io.eventgateway.history;
    exports io.eventgateway.http;
    exports io.eventgateway.schema;
    exports io.eventgateway.spi;
    exports io.eventgateway.internal.http to
            io.eventgateway.aws,
            io.eventgateway.invokers;
    exports io.eventgateway.internal.observation to
            io.eventgateway.test;
    exports io.eventgateway.internal.time to
            io.eventgateway.test;

    // the JSON forms of the values are read through their private creators
    opens io.eventgateway to
            tools.jackson.databind;
    opens io.eventgateway.delivery to
            tools.jackson.databind;
    opens io.eventgateway.internal.event to
            tools.jackson.databind;
    opens io.eventgateway.http to
            tools.jackson.databind;

    uses io.eventgateway.spi.InvokerProvider;
    uses io.eventgateway.spi.SchemaProvider;
}
