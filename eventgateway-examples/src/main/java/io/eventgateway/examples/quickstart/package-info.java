/** Real webhooks through a gateway. */
@NullMarked
package io.eventgateway.examples.quickstart;

import org.jspecify.annotations.NullMarked;
