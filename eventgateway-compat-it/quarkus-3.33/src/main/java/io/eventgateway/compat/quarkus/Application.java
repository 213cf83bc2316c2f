package io.eventgateway.compat.quarkus;

import io.eventgateway.EventGateway;
import io.eventgateway.compat.Tour;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.List;

/** A Quarkus application with Hibernate ORM, whose gateway is a bean. */
@QuarkusMain
public class Application implements QuarkusApplication {
    @Inject
    EventGateway gateway;

    @Inject
    EntityManager entities;

    @Override
    public int run(String... arguments) throws Exception {
        QuarkusTransaction.requiringNew().run(() -> entities.persist(new PurchaseOrder("o-1", 250)));
        List<PurchaseOrder> found = QuarkusTransaction.requiringNew().call(() -> entities.createQuery(
                        "select o from PurchaseOrder o where o.total between :least and 1000 order by o.id",
                        PurchaseOrder.class)
                .setParameter("least", 100)
                .getResultList());
        if (found.size() != 1) {
            throw new IllegalStateException("found " + found);
        }
        Tour.of(gateway);
        return 0;
    }
}
