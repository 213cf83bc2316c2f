/** Functions that are programs on this machine. */
@NullMarked
package io.eventgateway.invokers.process;

import org.jspecify.annotations.NullMarked;
