/** What a JSON Schema says of the values at a path, and how two schemas differ. */
@NullMarked
package io.eventgateway.internal.schema;

import org.jspecify.annotations.NullMarked;
