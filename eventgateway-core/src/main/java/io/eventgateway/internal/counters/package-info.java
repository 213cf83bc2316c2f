/** What a gateway counts of its events and deliveries. */
@NullMarked
package io.eventgateway.internal.counters;

import org.jspecify.annotations.NullMarked;
