/** Side by side with peers. */
package io.eventgateway.benchmarks;
