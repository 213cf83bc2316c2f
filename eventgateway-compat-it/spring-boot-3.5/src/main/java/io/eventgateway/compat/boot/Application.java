package io.eventgateway.compat.boot;

import io.eventgateway.EventGateway;
import io.eventgateway.compat.Tour;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionTemplate;

/** A Spring Boot 3.5 application with JPA, whose gateway is a bean. */
@SpringBootApplication
public class Application {
    /** Ends with 1 when the application does not start or something is not as it should be. */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments).close();
    }

    @Bean
    EventGateway eventGateway() {
        return EventGateway.create();
    }

    @Bean
    CommandLineRunner tour(EventGateway gateway, EntityManager entities, TransactionTemplate transaction) {
        return arguments -> {
            transaction.executeWithoutResult(status -> entities.persist(new PurchaseOrder("o-1", 250)));
            List<PurchaseOrder> found = entities.createQuery(
                            "select o from PurchaseOrder o where o.total between :least and 1000 order by o.id",
                            PurchaseOrder.class)
                    .setParameter("least", 100)
                    .getResultList();
            if (found.size() != 1) {
                throw new IllegalStateException("found " + found);
            }
            Tour.of(gateway);
        };
    }
}
