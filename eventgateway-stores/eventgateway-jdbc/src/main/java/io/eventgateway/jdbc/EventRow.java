package io.eventgateway.jdbc;

import io.cloudevents.CloudEventData;
import io.eventgateway.Event;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.UnreadableEventException;
import io.eventgateway.history.EventHistory;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An event as its row has it: what is asked for by queries in columns of its own, the rest as JSON, the data as bytes. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record EventRow(
        String space,
        String eventId,
        String source,
        String type,
        @Nullable String subject,
        @Nullable String time,
        @Nullable String correlationId,
        @Nullable String contentType,
        @Nullable String extras,
        byte @Nullable [] data,
        @Nullable String keyId) {
    /** The columns that {@link #read} reads, of an alias {@code e}. */
    static final String COLUMNS = "e.space, e.event_id, e.source, e.type, e.subject, e.event_time, e.correlation_id,"
            + " e.content_type, e.extras, e.data, e.key_id";

    private static final JsonMapper JSON = JsonMapper.shared();
    /** Stands where an attribute can't be read that each event has. */
    private static final String UNREADABLE = "unreadable";

    private static final String CORRELATION = "correlationid";
    private static final String SCHEMA = "dataschema";
    private static final int MAX_SOURCE = 1024;
    private static final int MAX_SUBJECT = 1024;
    private static final int MAX_NAME = 512;
    private static final int MAX_CONTENT_TYPE = 256;
    private static final int MAX_EXTRAS = 64 * 1024;

    /**
     * The row of an event; what a replay added to it is left out.
     *
     * @throws InvalidEventException if a part is larger than its column
     */
    static EventRow of(String space, Event event, Settings settings, boolean replayed) {
        CloudEventData given = replayed ? null : event.getData(); // the event itself is there already
        byte[] data = given == null ? null : given.toBytes();
        if (data != null && data.length > settings.maxDataSize()) {
            throw new InvalidEventException("the data of event '" + event.getId() + "' of type '" + event.getType()
                    + "' has " + data.length + " bytes; the store takes " + settings.maxDataSize()
                    + ", which JdbcStores.builder(...).maxDataSize(...) can change");
        }
        String source = event.getSource().toString();
        OffsetDateTime time = event.getTime();
        EventRow plain = new EventRow(
                space,
                fits("id", event.getId(), MAX_NAME, event),
                fits("source", source, MAX_SOURCE, event),
                fits("type", event.getType(), MAX_NAME, event),
                fits("subject", event.getSubject(), MAX_SUBJECT, event),
                time == null ? null : time.toString(),
                fits(CORRELATION, event.getCorrelationId(), MAX_NAME, event),
                fits("datacontenttype", event.getDataContentType(), MAX_CONTENT_TYPE, event),
                fits("what its extensions take as JSON", extras(event), MAX_EXTRAS, event),
                data,
                null);
        DataEncryption encryption = settings.encryption();
        return encryption == null || replayed ? plain : plain.sealed(encryption, event);
    }

    private EventRow sealed(DataEncryption encryption, Event event) {
        DataEncryption.Encrypted sealed = Sealing.seal(encryption, data, context());
        return new EventRow(
                space,
                eventId,
                source,
                type,
                subject,
                time,
                correlationId,
                contentType,
                extras,
                sealed.bytes(),
                fits("keyId of the encryption", sealed.keyId(), MAX_CONTENT_TYPE, event));
    }

    /** What the data belongs to. */
    private DataEncryption.Context context() {
        return new DataEncryption.Context(
                space, source, eventId, type, subject, time, correlationId, contentType, extras);
    }

    @SuppressWarnings("NullAway") // null in, null out
    private static String fits(String what, @Nullable String value, int most, Event event) {
        if (value != null && value.length() > most) {
            throw new InvalidEventException(what + " of event '" + abbreviated(event.getId()) + "' has "
                    + value.length() + " characters; the store takes " + most);
        }
        if (value != null && value.indexOf('\0') >= 0) {
            throw new InvalidEventException(what + " of event '" + abbreviated(event.getId())
                    + "' has a NUL character, which no text column takes");
        }
        return value;
    }

    private static String abbreviated(String id) {
        return id.length() <= 60 ? id : id.substring(0, 60) + "...";
    }

    private static @Nullable String extras(Event event) {
        URI schema = event.getDataSchema();
        ObjectNode extras = null;
        for (String name : event.getExtensionNames()) {
            if (name.equals(CORRELATION) || name.equals(EventHistory.REPLAY)) {
                continue;
            }
            extras = extras == null ? JSON.createObjectNode() : extras;
            Object value = event.getExtension(name);
            if (value instanceof Boolean bool) {
                extras.put(name, bool);
            } else if (value instanceof Integer number) {
                extras.put(name, number);
            } else if (value instanceof String text) {
                extras.put(name, text);
            } else {
                extras.put(name, event.toJson().path(name).asString());
            }
        }
        if (schema != null) {
            extras = extras == null ? JSON.createObjectNode() : extras;
            extras.put(SCHEMA, schema.toString());
        }
        return extras == null ? null : extras.toString();
    }

    /** The row that a result is at, which has {@link #COLUMNS} from that column on. */
    static EventRow read(ResultSet rows, int first) throws SQLException {
        return new EventRow(
                rows.getString(first),
                rows.getString(first + 1),
                rows.getString(first + 2),
                rows.getString(first + 3),
                rows.getString(first + 4),
                rows.getString(first + 5),
                rows.getString(first + 6),
                rows.getString(first + 7),
                rows.getString(first + 8),
                rows.getBytes(first + 9),
                rows.getString(first + 10));
    }

    /**
     * The event.
     *
     * @param replay the name of the replay that delivers it again; null for none
     * @throws UnreadableEventException if its data can't be decrypted, or the row is damaged
     */
    Event event(Settings settings, @Nullable String replay) {
        try {
            Event.Builder event = attributes(replay);
            byte[] readable = readable(settings);
            if (readable != null) {
                event.data(contentType == null ? "application/json" : contentType, readable);
            }
            return event.build();
        } catch (RuntimeException e) {
            throw new UnreadableEventException(
                    "event '" + eventId + "' can't be read from the store: " + e.getMessage(), e);
        }
    }

    /** The event as far as it can be read without its data, which may be encrypted; each attribute that is damaged is left out. */
    Event withoutData(@Nullable String replay) {
        try {
            return attributes(replay).build();
        } catch (RuntimeException e) { // the row is damaged
            return remains();
        }
    }

    private Event remains() {
        Event event = Event.builder(UNREADABLE).id(UNREADABLE).source("/").build();
        event = with(event, known -> Event.builder(type).id(UNREADABLE).source("/"));
        event = with(event, known -> known.toBuilder().id(eventId));
        event = with(event, known -> known.toBuilder().source(source));
        return with(event, known -> known.toBuilder().subject(subject));
    }

    private static Event with(Event known, Function<Event, Event.Builder> change) {
        try {
            return change.apply(known).build();
        } catch (RuntimeException e) {
            return known;
        }
    }

    private Event.Builder attributes(@Nullable String replay) {
        Event.Builder event = Event.builder(type).id(eventId).source(source);
        if (subject != null) {
            event.subject(subject);
        }
        if (time != null) {
            event.time(OffsetDateTime.parse(time));
        }
        if (correlationId != null) {
            event.extension(CORRELATION, correlationId);
        }
        if (extras != null) {
            for (Map.Entry<String, JsonNode> member : JSON.readTree(extras).properties()) {
                add(event, member.getKey(), member.getValue());
            }
        }
        if (replay != null) {
            event.extension(EventHistory.REPLAY, replay);
        }
        return event;
    }

    private static void add(Event.Builder event, String name, JsonNode value) {
        if (name.equals(SCHEMA)) {
            event.dataSchema(URI.create(value.stringValue()));
        } else if (value.isBoolean()) {
            event.extension(name, value.booleanValue());
        } else if (value.isInt()) {
            event.extension(name, value.intValue());
        } else {
            event.extension(name, value.stringValue());
        }
    }

    /** The data in clear text; null for none. */
    private byte @Nullable [] readable(Settings settings) {
        if (keyId == null) {
            if (settings.encryptionRequired()) {
                throw new IllegalStateException("event '" + eventId
                        + "' is stored in clear text, which JdbcStores.builder(...).requireEncryption() refuses");
            }
            return data;
        }
        DataEncryption encryption = settings.encryption();
        if (encryption == null) {
            throw new IllegalStateException("the data of event '" + eventId + "' is encrypted with key '" + keyId
                    + "', and these stores have no encryption; give JdbcStores.builder(...).encryption(...)");
        }
        if (data == null) {
            throw new IllegalStateException("the data of event '" + eventId + "' is missing");
        }
        return Sealing.open(encryption, new DataEncryption.Encrypted(keyId, data), context());
    }

    /** How much it takes, about. */
    int size() {
        return 512 + (data == null ? 0 : data.length) + (extras == null ? 0 : extras.length());
    }
}
