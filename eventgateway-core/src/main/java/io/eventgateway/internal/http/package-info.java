/** How paths, media types and percent-encoded texts are read. */
@NullMarked
package io.eventgateway.internal.http;

import org.jspecify.annotations.NullMarked;
