package io.eventgateway.compat.quarkus;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** What the application keeps in its database. */
@Entity
public class PurchaseOrder {
    @Id
    private String id;

    private int total;

    /** For JPA. */
    protected PurchaseOrder() {}

    PurchaseOrder(String id, int total) {
        this.id = id;
        this.total = total;
    }
}
