/** An order service whose events survive it. */
@NullMarked
package io.eventgateway.examples.durable;

import org.jspecify.annotations.NullMarked;
