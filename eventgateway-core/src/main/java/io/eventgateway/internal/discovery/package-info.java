/** What a gateway learns of the data of events that pass: bounded, sampled, and without values that look personal. */
@NullMarked
package io.eventgateway.internal.discovery;

import org.jspecify.annotations.NullMarked;
