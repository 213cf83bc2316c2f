/** The first program of the README. */
@NullMarked
package io.eventgateway.examples.firsthour;

import org.jspecify.annotations.NullMarked;
