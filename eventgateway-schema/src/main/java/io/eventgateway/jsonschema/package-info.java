/** Validates the data of events by JSON Schemas, and writes the schemas of classes. */
@NullMarked
package io.eventgateway.jsonschema;

import org.jspecify.annotations.NullMarked;
