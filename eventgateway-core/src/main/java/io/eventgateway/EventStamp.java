package io.eventgateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.internal.intake.Stamp;
import java.net.URI;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a gateway gives to events that lack it. */
record EventStamp(URI source, InstantSource clock, JsonMapper mapper) implements Stamp {
    @Override
    public Event event(String type, @Nullable Object data, @Nullable Event cause) {
        return Event.accepted(type, data, source, clock, cause, mapper);
    }

    @Override
    public Event event(CloudEvent event, @Nullable Event cause) {
        return Event.complete(Event.from(event), source, clock, cause, mapper);
    }
}
