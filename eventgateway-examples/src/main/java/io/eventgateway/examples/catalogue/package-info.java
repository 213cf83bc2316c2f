/** GitHub's webhooks as registered event types: what they mean, who gets them, and what is wrong before anything runs. */
@NullMarked
package io.eventgateway.examples.catalogue;

import org.jspecify.annotations.NullMarked;
