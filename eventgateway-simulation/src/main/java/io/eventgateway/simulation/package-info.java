/** The engine and its stores under a seeded scheduler that owns every interleaving. */
@NullMarked
package io.eventgateway.simulation;

import org.jspecify.annotations.NullMarked;
