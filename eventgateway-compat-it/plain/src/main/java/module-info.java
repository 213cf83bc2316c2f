/** An application that uses the published modules. */
module io.eventgateway.application {
    requires io.eventgateway.core;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.application.ShoutInvokerProvider;
}
