/** An application that uses the published modules. */
module io.eventgateway.application {
    requires com.fasterxml.jackson.databind;
    requires io.eventgateway.compat;
    requires io.eventgateway.core;

    provides io.eventgateway.spi.InvokerProvider with
            io.eventgateway.application.ShoutInvokerProvider;
}
