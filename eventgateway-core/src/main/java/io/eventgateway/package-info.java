/** The gateway and its values: what an application imports. */
@NullMarked
package io.eventgateway;

import org.jspecify.annotations.NullMarked;
