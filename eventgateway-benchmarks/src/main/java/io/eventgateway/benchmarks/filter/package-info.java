/** Filters and transforms, side by side with event-ruler and with code by hand. */
package io.eventgateway.benchmarks.filter;
