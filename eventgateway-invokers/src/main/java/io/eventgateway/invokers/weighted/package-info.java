/** Groups that hand each event to one of their functions. */
@NullMarked
package io.eventgateway.invokers.weighted;

import org.jspecify.annotations.NullMarked;
