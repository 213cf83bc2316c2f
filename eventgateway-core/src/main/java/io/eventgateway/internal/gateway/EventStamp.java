package io.eventgateway.internal.gateway;

import io.cloudevents.CloudEvent;
import io.eventgateway.Event;
import io.eventgateway.internal.access.FacadeAccess;
import io.eventgateway.internal.event.Step;
import io.eventgateway.internal.intake.Stamp;
import io.eventgateway.internal.invocation.Cause;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a gateway gives to events that lack it. */
record EventStamp(
        FacadeAccess access,
        URI source,
        InstantSource clock,
        @Nullable JsonMapper mapper) implements Stamp {
    @Override
    public Event event(String type, @Nullable Object data, @Nullable Cause cause) {
        return access.accepted(type, data, source, clock, eventOf(cause), step(cause), mapper);
    }

    @Override
    public Event event(CloudEvent event, @Nullable Cause cause) {
        return access.complete(Event.from(event), source, clock, eventOf(cause), step(cause), mapper);
    }

    @Override
    public Event event(CloudEvent event, Map<String, Object> attributes, @Nullable Cause cause) {
        if (attributes.isEmpty()) {
            return event(event, cause);
        }
        Event.Builder builder = Event.from(event).toBuilder();
        attributes.forEach(builder::extension);
        return event(builder.build(), cause);
    }

    private static @Nullable Event eventOf(@Nullable Cause cause) {
        return cause == null ? null : cause.emitted();
    }

    private @Nullable Step step(@Nullable Cause cause) {
        if (cause == null) {
            return null;
        }
        Event event = cause.emitted();
        return new Step(access.step(event), event.getId(), event.getType(), cause.space(), cause.functionId());
    }

    @Override
    public long bytes(Event event) {
        return access.knownSize(event);
    }

    @Override
    public int visits(Event event, String space, String functionId) {
        int visits = 0;
        for (Step step = access.step(event); step != null; step = step.before()) {
            visits += functionId.equals(step.functionId()) && (step.space() == null || space.equals(step.space()))
                    ? 1
                    : 0;
        }
        return visits;
    }

    @Override
    public String path(Event event) {
        List<String> steps = new ArrayList<>();
        for (Step step = access.step(event); step != null; step = step.before()) {
            steps.add(step.eventType() + " -" + (step.functionId() == null ? "" : step.functionId()) + "-> ");
        }
        Collections.reverse(steps);
        return String.join("", steps) + event.getType();
    }
}
