/** Invokers for functions on Google Cloud. */
module io.eventgateway.gcp {
    requires io.eventgateway.core;
    requires io.eventgateway.invokers;
    requires okhttp3;

    // the configurations are read into their records
    opens io.eventgateway.gcp to
            tools.jackson.databind;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.gcp.GcpFunctionInvokerProvider;
}
