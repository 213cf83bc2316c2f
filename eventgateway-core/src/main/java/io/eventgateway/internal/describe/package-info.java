/** What a gateway says of itself: descriptions as JSON, AsyncAPI and pictures, and what looks wrong in them. */
@NullMarked
package io.eventgateway.internal.describe;

import org.jspecify.annotations.NullMarked;
