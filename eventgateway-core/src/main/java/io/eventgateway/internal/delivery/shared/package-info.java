/**
 * What is needed only where several gateways share one event store: leases, turns, transactions, and deliveries that another gateway has.
 * Who reads how one gateway delivers need not look here.
 */
@NullMarked
package io.eventgateway.internal.delivery.shared;

import org.jspecify.annotations.NullMarked;
