/** The HTTP client that every function type behind HTTP uses. It is exported to the modules of this library alone, and may change with every version. */
@NullMarked
package io.eventgateway.invokers.client;

import org.jspecify.annotations.NullMarked;
