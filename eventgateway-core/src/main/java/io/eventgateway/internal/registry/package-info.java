/**
 * The registered functions and subscriptions: the subscription store on one side, the routing and the deliveries that
 * go by it on the other.
 */
@NullMarked
package io.eventgateway.internal.registry;

import org.jspecify.annotations.NullMarked;
