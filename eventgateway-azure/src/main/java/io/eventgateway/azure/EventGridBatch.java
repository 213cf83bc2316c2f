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
 * @param tooLarge the places, among all events, of those that are larger alone
 */
record EventGridBatch(List<Part> parts, List<Integer> tooLarge) {
    /** The largest request, and so the largest event. */
    static final int MAX_BYTES = 1024 * 1024;

    /** One request's body, and the places of its events among all. The array must not be changed. */
    @SuppressWarnings("ArrayRecordComponent") // it is never compared
    record Part(byte[] body, List<Integer> places) {}

    static EventGridBatch of(List<Event> events) {
        List<Part> parts = new ArrayList<>();
        List<Integer> tooLarge = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            byte[] json = events.get(i).toJson().toString().getBytes(StandardCharsets.UTF_8);
            if (json.length + 2 > MAX_BYTES) {
                tooLarge.add(i);
                continue;
            }
            if (body.size() + 1 + json.length + 1 > MAX_BYTES) {
                parts.add(part(body, places));
                body = new ByteArrayOutputStream();
                places = new ArrayList<>();
            }
            body.write(places.isEmpty() ? '[' : ',');
            body.writeBytes(json);
            places.add(i);
        }
        if (!places.isEmpty()) {
            parts.add(part(body, places));
        }
        return new EventGridBatch(List.copyOf(parts), List.copyOf(tooLarge));
    }

    private static Part part(ByteArrayOutputStream body, List<Integer> places) {
        body.write(']');
        return new Part(body.toByteArray(), List.copyOf(places));
    }
}
