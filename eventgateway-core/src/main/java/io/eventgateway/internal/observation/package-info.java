/** What the test kit learns of a gateway. */
@NullMarked
package io.eventgateway.internal.observation;

import org.jspecify.annotations.NullMarked;
