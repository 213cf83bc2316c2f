/** The table of what the gateway takes and what its peers take, row by row. */
@NullMarked
package io.eventgateway.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
