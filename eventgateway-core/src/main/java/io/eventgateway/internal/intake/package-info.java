/** From what was emitted to a complete event. */
@NullMarked
package io.eventgateway.internal.intake;

import org.jspecify.annotations.NullMarked;
