/** Attempts, time, limits and outcome of deliveries. */
@NullMarked
package io.eventgateway.internal.delivery;

import org.jspecify.annotations.NullMarked;
