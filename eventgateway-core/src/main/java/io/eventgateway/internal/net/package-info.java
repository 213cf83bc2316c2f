/** Network addresses. */
@NullMarked
package io.eventgateway.internal.net;

import org.jspecify.annotations.NullMarked;
