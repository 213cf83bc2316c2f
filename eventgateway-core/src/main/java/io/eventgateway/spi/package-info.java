/** What an implementor imports: invokers, interceptors and stores. */
@NullMarked
package io.eventgateway.spi;

import org.jspecify.annotations.NullMarked;
