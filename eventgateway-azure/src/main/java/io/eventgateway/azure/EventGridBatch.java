package io.eventgateway.azure;

import io.eventgateway.Event;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Events in parts that Event Grid takes, in their order. An immutable value.
 *
 * @param parts each a JSON array of at most {@link #MAX_BYTES}
 * @param tooLarge the ids of events that are larger alone
 */
record EventGridBatch(List<Part> parts, List<String> tooLarge) {
    /** The largest request, and so the largest event. */
    static final int MAX_BYTES = 1024 * 1024;

    /** One request's body, and the ids of its events. The array must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // it is never compared
    record Part(byte[] body, List<String> eventIds) {}

    static EventGridBatch of(List<Event> events) {
        List<Part> parts = new ArrayList<>();
        List<String> tooLarge = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<String> ids = new ArrayList<>();
        for (Event event : events) {
            byte[] json = event.toJson().toString().getBytes(StandardCharsets.UTF_8);
            if (json.length + 2 > MAX_BYTES) {
                tooLarge.add(event.getId());
                continue;
            }
            if (body.size() + 1 + json.length + 1 > MAX_BYTES) {
                parts.add(part(body, ids));
                body = new ByteArrayOutputStream();
                ids = new ArrayList<>();
            }
            body.write(ids.isEmpty() ? '[' : ',');
            body.writeBytes(json);
            ids.add(event.getId());
        }
        if (!ids.isEmpty()) {
            parts.add(part(body, ids));
        }
        return new EventGridBatch(List.copyOf(parts), List.copyOf(tooLarge));
    }

    private static Part part(ByteArrayOutputStream body, List<String> ids) {
        body.write(']');
        return new Part(body.toByteArray(), List.copyOf(ids));
    }
}
