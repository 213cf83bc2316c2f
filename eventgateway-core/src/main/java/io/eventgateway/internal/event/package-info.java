/** The parts of events and of the values that bind them, and how they are checked. */
@NullMarked
package io.eventgateway.internal.event;

import org.jspecify.annotations.NullMarked;
