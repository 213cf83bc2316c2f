package io.eventgateway.aws;

import io.cloudevents.CloudEventData;
import io.eventgateway.Event;
import io.eventgateway.spi.Invocation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** What is sent of events: each as a CloudEvent in structured JSON, or its data alone. Immutable. */
public final class EventContent {
    private static final byte[] NONE = new byte[0];

    /** What a service gets of an event. */
    public enum Mode {
        /** The event in CloudEvents' structured JSON form. */
        structured,
        /** The event's data. Its attributes go beside it where the service has a place for them. */
        data
    }

    private final Mode mode;
    private final JsonMapper mapper;

    /** Contents of a mode; {@code structured} when it is null. */
    public EventContent(@Nullable Mode mode, JsonMapper mapper) {
        this.mode = mode == null ? Mode.structured : mode;
        this.mapper = mapper;
    }

    /** The mode. */
    public Mode mode() {
        return mode;
    }

    /**
     * The content of each event of an invocation, in their order. The arrays must not be changed.
     *
     * @throws io.eventgateway.InvocationException as {@link Invocation#payload} does, which has the gateway call again without the
     *     events that can't be sent
     */
    public List<byte[]> of(Invocation invocation) {
        byte[] payload = invocation.payload(); // checks that the events can be written, and their size
        if (mode == Mode.data) {
            return invocation.isBatch()
                    ? invocation.events().stream().map(EventContent::data).toList()
                    : List.of(payload);
        }
        return invocation.isBatch() ? elements(payload) : List.of(mapper.writeValueAsBytes(invocation.event()));
    }

    private static byte[] data(Event event) {
        CloudEventData data = event.getData();
        return data == null ? NONE : data.toBytes();
    }

    /** The elements of a JSON array as they stand in it, so that what is written once is not written again. */
    private List<byte[]> elements(byte[] array) {
        List<byte[]> elements = new ArrayList<>();
        try (JsonParser parser = mapper.createParser(array)) {
            JsonToken opening = parser.nextToken();
            while (opening != null && parser.nextToken() == JsonToken.START_OBJECT) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                int to = (int) parser.currentLocation().getByteOffset();
                byte[] element = new byte[to - from];
                System.arraycopy(array, from, element, 0, element.length);
                elements.add(element);
            }
        }
        return elements;
    }
}
