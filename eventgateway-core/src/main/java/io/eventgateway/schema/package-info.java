/** What the gateway says of the data of events: schemas, how they change, what passes, and what filters may use. */
@NullMarked
package io.eventgateway.schema;

import org.jspecify.annotations.NullMarked;
