/** Functions on Azure. */
@NullMarked
package io.eventgateway.azure;

import org.jspecify.annotations.NullMarked;
