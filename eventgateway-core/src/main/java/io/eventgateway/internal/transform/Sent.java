package io.eventgateway.internal.transform;

import io.eventgateway.Event;
import java.util.Map;

/** What a transform made of an event: the event with the new data, and the headers of the call. */
public record Sent(Event event, Map<String, String> headers) {}
