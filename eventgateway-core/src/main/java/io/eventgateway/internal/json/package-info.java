/** JSON as it is written: trees with exact numbers. */
@NullMarked
package io.eventgateway.internal.json;

import org.jspecify.annotations.NullMarked;
