/** What events, and the values that bind them, are made of and checked by. */
@NullMarked
package io.eventgateway.internal.event;

import org.jspecify.annotations.NullMarked;
