/** The observation of a gateway by the test kit. */
@NullMarked
package io.eventgateway.internal.observation;

import org.jspecify.annotations.NullMarked;
