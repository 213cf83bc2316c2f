/** Annotations that say to tools and readers how the library is to be used. */
@NullMarked
package io.eventgateway.annotation;

import org.jspecify.annotations.NullMarked;
