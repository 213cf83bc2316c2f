/** The http event: the request that a function sees and the response that it answers with. */
@NullMarked
package io.eventgateway.http;

import org.jspecify.annotations.NullMarked;
