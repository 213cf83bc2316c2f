/** The way from the facade's packages to the rooms. */
@NullMarked
package io.eventgateway.internal.access;

import org.jspecify.annotations.NullMarked;
