/** Invokers for functions on Azure. */
module io.eventgateway.azure {
    requires io.eventgateway.core;
    requires io.eventgateway.invokers;
    requires okhttp3;

    // the configurations are read into their records
    opens io.eventgateway.azure to
            tools.jackson.databind;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.azure.AzureFunctionInvokerProvider,
            io.eventgateway.azure.EventGridInvokerProvider,
            io.eventgateway.azure.LogicAppInvokerProvider;
}
