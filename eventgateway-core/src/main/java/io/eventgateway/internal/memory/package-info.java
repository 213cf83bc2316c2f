/** The in-memory stores. */
@NullMarked
package io.eventgateway.internal.memory;

import org.jspecify.annotations.NullMarked;
