/** Checks what is registered against the schemas of event types, without any event. */
@NullMarked
package io.eventgateway.internal.check;

import org.jspecify.annotations.NullMarked;
