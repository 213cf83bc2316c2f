/** The exceptions that name what was refused, or what failed. */
@NullMarked
package io.eventgateway.error;

import org.jspecify.annotations.NullMarked;
