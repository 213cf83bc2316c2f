package io.eventgateway.internal.check;

import io.eventgateway.internal.schema.EventPlace;

/**
 * The events of a registered type, as far as its schema says what they are.
 *
 * @param name the type
 */
public record EventKind(String name, EventPlace place) {}
