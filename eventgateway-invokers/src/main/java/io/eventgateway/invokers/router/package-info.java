/** Functions that emit what they get into another space or gateway. */
@NullMarked
package io.eventgateway.invokers.router;

import org.jspecify.annotations.NullMarked;
