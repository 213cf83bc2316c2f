/** From a function and an event to a result. */
@NullMarked
package io.eventgateway.internal.invocation;

import org.jspecify.annotations.NullMarked;
