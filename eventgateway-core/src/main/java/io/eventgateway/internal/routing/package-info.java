/** From an event to the subscriptions that want it. */
@NullMarked
package io.eventgateway.internal.routing;

import org.jspecify.annotations.NullMarked;
