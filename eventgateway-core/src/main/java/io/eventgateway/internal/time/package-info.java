/** Time that a test may own. */
@NullMarked
package io.eventgateway.internal.time;

import org.jspecify.annotations.NullMarked;
