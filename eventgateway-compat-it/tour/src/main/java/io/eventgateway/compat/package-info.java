/** What every application does with its gateway. */
@NullMarked
package io.eventgateway.compat;

import org.jspecify.annotations.NullMarked;
