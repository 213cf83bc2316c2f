package io.eventgateway.internal.event;

import io.eventgateway.Event;
import io.eventgateway.internal.json.ExactJson;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/** Reads an event from its structured form for any mapper, with the numbers of its data as they are written. */
public final class EventDeserializer extends StdDeserializer<Event> {
    EventDeserializer() {
        super(Event.class);
    }

    @Override
    public Event deserialize(JsonParser parser, DeserializationContext context) {
        return Event.fromJson(ExactJson.read(parser));
    }
}
