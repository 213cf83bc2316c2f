/** What a function gets in place of an event's data: each language compiles to one shaper. */
@NullMarked
package io.eventgateway.internal.transform;

import org.jspecify.annotations.NullMarked;
