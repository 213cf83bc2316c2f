/** One event, and functions of five types. */
@NullMarked
package io.eventgateway.examples.types;

import org.jspecify.annotations.NullMarked;
