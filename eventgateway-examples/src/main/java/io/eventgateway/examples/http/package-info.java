/** A gateway behind an HTTP server. */
@NullMarked
package io.eventgateway.examples.http;

import org.jspecify.annotations.NullMarked;
