/** Which events a filter lets through: one condition tree that every language compiles to, one evaluation, one index. */
@NullMarked
package io.eventgateway.internal.filter;

import org.jspecify.annotations.NullMarked;
