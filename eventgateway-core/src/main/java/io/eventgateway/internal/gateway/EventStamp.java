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

/** Gives events what they lack: an id, a source, a time and what led to them. */
record EventStamp(
        FacadeAccess access,
        URI source,
        InstantSource clock,
        @Nullable JsonMapper mapper) implements Stamp {
    /** How much of a path is said: a chain may be as long as its guard lets it be. */
    private static final int FIRST_STEPS = 4;

    private static final int LAST_STEPS = 16;
    private static final int LONGEST_NAME = 100;

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
        return Step.from(access.step(event), event.getId(), event.getType(), cause.space(), cause.functionId());
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
    public boolean isAfterSystemEvent(Event event) {
        Step step = access.step(event);
        return step != null && step.isAfterSystemEvent();
    }

    @Override
    public String path(Event event) {
        List<Step> steps = new ArrayList<>();
        for (Step step = access.step(event); step != null; step = step.before()) {
            steps.add(step);
        }
        Collections.reverse(steps);
        int leftOut = Math.max(0, steps.size() - FIRST_STEPS - LAST_STEPS);
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            if (leftOut > 0 && i == FIRST_STEPS) {
                path.append("... ").append(leftOut).append(" more ... -> ");
                i += leftOut;
            }
            Step step = steps.get(i);
            String function = step.functionId() == null ? "" : shown(step.functionId());
            path.append(shown(step.eventType())).append(" -").append(function).append("-> ");
        }
        return path.append(shown(event.getType())).toString();
    }

    private static String shown(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "...";
    }
}
