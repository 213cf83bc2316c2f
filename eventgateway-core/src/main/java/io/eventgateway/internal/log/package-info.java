/** Logging of work that may fail very often. */
@NullMarked
package io.eventgateway.internal.log;

import org.jspecify.annotations.NullMarked;
