package io.eventgateway.compat.quarkus;

import io.eventgateway.EventGateway;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;

/** The application's gateway, which ends with the application. */
class Gateways {
    @Produces
    @ApplicationScoped
    EventGateway gateway() {
        return EventGateway.create();
    }

    void close(@Disposes EventGateway gateway) {
        gateway.close();
    }
}
