/** The members of the facade's values that only the gateway may use. */
@NullMarked
package io.eventgateway.internal.access;

import org.jspecify.annotations.NullMarked;
