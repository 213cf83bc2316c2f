/** Functions behind HTTP endpoints. */
@NullMarked
package io.eventgateway.invokers.http;

import org.jspecify.annotations.NullMarked;
