/** The event types of spaces, as events meet them: annotated classes, schemas that data is validated by, and versions that are lifted. */
@NullMarked
package io.eventgateway.internal.eventtype;

import org.jspecify.annotations.NullMarked;
