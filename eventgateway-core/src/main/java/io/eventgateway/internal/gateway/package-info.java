/** The gateway, put together from its parts. */
@NullMarked
package io.eventgateway.internal.gateway;

import org.jspecify.annotations.NullMarked;
