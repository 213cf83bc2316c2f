/** The gateway, put together from its rooms. */
@NullMarked
package io.eventgateway.internal.gateway;

import org.jspecify.annotations.NullMarked;
