package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonValue;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.rw.CloudEventContextWriter;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.internal.event.AttributeBounds;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.internal.event.EventData;
import io.eventgateway.internal.event.EventDeserializer;
import io.eventgateway.internal.event.Payload;
import io.eventgateway.internal.event.Step;
import io.eventgateway.internal.event.StructuredJson;
import io.eventgateway.internal.event.TimeOrderedId;
import io.eventgateway.internal.eventtype.AnnotatedClass;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

/**
 * An immutable CloudEvents 1.0 event.
 *
 * <p>Its data is what was given: a Java object (a function in this process gets that very object), a JSON tree or bytes. It is
 * converted when someone asks for another form, once per event. Objects and trees are shared with whoever gave them, so they
 * must not be changed after.
 *
 * <p>Each attribute and extension has at most 8,192 characters, and all of them together have at most 65,536, without what the
 * gateway adds. What is larger belongs into the data.
 *
 * <p>An event that was built without a source has the source {@code /} until it is emitted: the gateway then gives it its own,
 * and a time if it has none. What an accepted event carries is in {@link Emission#event()}.
 */
@JsonDeserialize(using = EventDeserializer.class)
@CheckReturnValue
public final class Event implements CloudEvent {
    static final String CORRELATION_ID = "correlationid";
    static final String CAUSATION_ID = "causationid";
    static final String CHAIN_DEPTH = "chaindepth";

    private static final long UNSTAMPED = Long.MIN_VALUE;
    private static final URI UNSET_SOURCE = URI.create("/");

    private final String id;
    /** Null until the gateway gives the event its own. */
    private final @Nullable URI source;

    private final String type;
    private final @Nullable String subject;
    private final @Nullable OffsetDateTime time;
    /** When it was accepted, in epoch milliseconds; the object is made when somebody asks, which on the hot path is nobody. */
    private final long stampedMillis;

    private final @Nullable String dataContentType;
    private final @Nullable URI dataSchema;
    private final Map<String, Object> extensions;
    private final @Nullable String correlationId;
    private final @Nullable String causationId;
    private final int chainDepth;
    private final @Nullable Payload data;
    /** How it came about in this process; null for the first of a chain. No part of what the event is. */
    private final @Nullable Step step;

    private Event(Builder builder, @Nullable Payload data) {
        this.id = builder.id != null ? builder.id : TimeOrderedId.at(System.currentTimeMillis());
        this.source = builder.source;
        this.type = builder.type;
        this.subject = builder.subject;
        this.time = builder.time;
        this.stampedMillis = builder.stampedMillis;
        this.dataContentType = builder.dataContentType;
        this.dataSchema = builder.dataSchema;
        this.correlationId = builder.correlationId;
        this.causationId = builder.causationId;
        this.chainDepth = builder.chainDepth;
        this.step = null;
        this.extensions = builder.extensions.isEmpty()
                ? Map.of()
                : Collections.unmodifiableMap(new TreeMap<>(builder.extensions));
        this.data = data;
        AttributeBounds.checkTotal(id, type, subject, dataContentType, dataSchema, extensions);
    }

    /** A complete event, made in one step from what the gateway knows to be valid. */
    private Event(
            String type,
            @Nullable Payload data,
            URI source,
            long acceptedMillis,
            @Nullable Event cause,
            @Nullable Step step) {
        this.id = TimeOrderedId.at(acceptedMillis);
        this.source = source;
        this.type = type;
        this.subject = null;
        this.time = null;
        this.stampedMillis = acceptedMillis;
        this.dataContentType = data == null ? null : data.contentType();
        this.dataSchema = null;
        this.extensions = Map.of();
        this.correlationId = cause == null ? id : cause.correlation();
        this.causationId = cause == null ? null : cause.id;
        this.chainDepth = cause == null ? 0 : cause.deeper();
        this.step = step;
        this.data = data;
    }

    /** The copy that the intake makes of an event that is not complete. What the event says itself stays. */
    private Event(
            Event event,
            @Nullable Payload data,
            URI source,
            long stampedMillis,
            @Nullable Event cause,
            @Nullable Step step) {
        this.id = event.id;
        this.source = event.source != null ? event.source : source;
        this.type = event.type;
        this.subject = event.subject;
        this.time = event.time;
        this.stampedMillis = stampedMillis;
        this.dataContentType = event.dataContentType;
        this.dataSchema = event.dataSchema;
        this.extensions = event.extensions;
        this.correlationId =
                event.correlationId != null ? event.correlationId : cause == null ? event.id : cause.correlation();
        this.causationId = cause == null ? event.causationId : cause.id;
        this.chainDepth = event.depthAfter(cause);
        this.step = step;
        this.data = data;
    }

    /** The copy with other data and extensions, which adheres to no schema that is known. */
    private Event(Event event, @Nullable Payload data, Map<String, Object> extensions) {
        this.id = event.id;
        this.source = event.source;
        this.type = event.type;
        this.subject = event.subject;
        this.time = event.time;
        this.stampedMillis = event.stampedMillis;
        this.dataContentType = data == null ? null : data.contentType();
        this.dataSchema = null;
        this.extensions = extensions;
        this.correlationId = event.correlationId;
        this.causationId = event.causationId;
        this.chainDepth = event.chainDepth;
        this.step = event.step;
        this.data = data;
    }

    /**
     * A builder of an event of the type, which may be any that CloudEvents allows.
     *
     * @throws InvalidEventException if the type is null or empty, or has characters that CloudEvents forbids
     */
    public static Builder builder(String type) {
        return new Builder(Attributes.text("type", type));
    }

    /**
     * An event with a new id and the data: null, bytes ({@code application/octet-stream}), or an object that is JSON to others.
     *
     * @throws InvalidEventException if the type is not valid, or can only be a mistake: a pattern such as {@code order.*}, {@code
     *     order..placed}, blanks at its ends. A builder takes what CloudEvents allows.
     */
    public static Event of(String type, @Nullable Object data) {
        return builder(Attributes.type(type)).data(data).build();
    }

    /**
     * An event whose data is the object, of the type that its class names by {@link io.eventgateway.annotation.EventType}, with the
     * subject and the extensions that the class marks. Of version 2 and more, the event says so in the extension {@code dataversion}.
     *
     * @throws InvalidEventException if its class has no such annotation, or what it marks is not valid
     */
    public static Event of(Object annotated) {
        Objects.requireNonNull(annotated, "annotated must not be null");
        if (annotated instanceof CloudEvent || !AnnotatedClass.isAnnotated(annotated.getClass())) {
            throw Misplaced.notAnnotated(annotated);
        }
        return AnnotatedClass.of(annotated.getClass()).eventOf(annotated);
    }

    /**
     * Any CloudEvent as an {@code Event}; an {@code Event} is returned as it is, and an event of version 0.3 becomes one of 1.0.
     *
     * @throws InvalidEventException if an attribute is not valid, or the event's own code throws when it is asked for one
     */
    public static Event from(CloudEvent event) {
        Objects.requireNonNull(event, "event must not be null");
        if (event instanceof Event ours) {
            return ours;
        }
        try {
            return copied(event);
        } catch (EventGatewayException e) {
            throw e;
        } catch (RuntimeException e) { // foreign code
            throw new InvalidEventException(
                    "an event of " + event.getClass() + " can't be read: a method of it threw "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    private static Event copied(CloudEvent event) {
        Builder builder = builder(event.getType()).id(event.getId()).source(event.getSource());
        builder.subject(event.getSubject()).time(event.getTime()).dataSchema(event.getDataSchema());
        for (String name : event.getExtensionNames()) {
            builder.extension(name, event.getExtension(name));
        }
        String contentType = event.getDataContentType();
        builder.dataContentType = contentType == null ? null : AttributeBounds.checked("datacontenttype", contentType);
        CloudEventData data = event.getData();
        return new Event(builder, data == null ? null : new Payload(data, builder.dataContentType, null));
    }

    /**
     * An event from CloudEvents' structured JSON form.
     *
     * @throws InvalidEventException if the tree is not an object, lacks a required attribute, or has one that is not valid
     */
    public static Event fromJson(JsonNode json) {
        return StructuredJson.read(json);
    }

    /** The structured JSON form (CloudEvents JSON event format, section 3), a new tree at each call. */
    @JsonValue
    public JsonNode toJson() {
        return StructuredJson.write(this);
    }

    static Event accepted(
            String type,
            @Nullable Object data,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper) {
        if (data instanceof EmitOptions
                || data instanceof Builder
                || data instanceof CloudEvent
                || data instanceof CloudEventContextWriter) {
            throw Misplaced.data(type, data);
        }
        Payload payload = data == null ? null : Payload.of(data, mapper);
        return new Event(Attributes.type(type), payload, source, clock.millis(), cause, step);
    }

    /** This event with what an accepted event must have; the event itself when it has all of that. */
    static Event complete(
            Event event,
            URI source,
            InstantSource clock,
            @Nullable Event cause,
            @Nullable Step step,
            @Nullable JsonMapper mapper) {
        boolean sourced = event.source != null;
        boolean timed = event.time != null || event.stampedMillis != UNSTAMPED;
        boolean mapped = event.data == null || mapper == null;
        if (sourced && timed && cause == null && mapped && event.correlationId != null) {
            return event;
        }
        Payload data = event.data == null ? null : event.data.with(mapper);
        return new Event(event, data, source, timed ? event.stampedMillis : clock.millis(), cause, step);
    }

    /** This event with other data, which adheres to no schema that is known. */
    Event withData(Object value, String contentType, @Nullable JsonMapper mapper) {
        return new Event(this, new Payload(value, contentType, mapper), extensions);
    }

    /** This event with its data in another version, which the extension {@code dataversion} says; the missing node for no data. */
    Event lifted(JsonNode lifted, int version) {
        Map<String, Object> changed = new TreeMap<>(extensions);
        changed.put(AnnotatedClass.VERSION, version);
        Payload payload = lifted.isMissingNode() ? null : Payload.of(lifted, null);
        return new Event(this, payload, Collections.unmodifiableMap(changed));
    }

    /** How it came about in this process; null for the first of a chain. */
    @Nullable Step step() {
        return step;
    }

    /** How many bytes its data takes, as far as that is known without making them, and its attributes when they are long. */
    long knownSize() {
        return (data == null ? 0 : data.knownSize()) + AttributeBounds.counted(attributesLength());
    }

    private long attributesLength() {
        long length = (long) id.length() + type.length() + AttributeBounds.lengthOf(source);
        length += AttributeBounds.lengthOf(subject) + AttributeBounds.lengthOf(dataContentType);
        length += AttributeBounds.lengthOf(dataSchema) + AttributeBounds.lengthOf(extensions);
        return length + AttributeBounds.lengthOf(correlationId) + AttributeBounds.lengthOf(causationId);
    }

    /** The depth of what this event leads to; the deepest there is has none below it. */
    private int deeper() {
        return chainDepth == Integer.MAX_VALUE ? chainDepth : chainDepth + 1;
    }

    private int depthAfter(@Nullable Event cause) {
        return cause == null ? chainDepth : Math.max(chainDepth, cause.deeper());
    }

    private String correlation() {
        return correlationId != null ? correlationId : id;
    }

    /** The id of the event that began the chain: the extension {@code correlationid}; null until the event is emitted. */
    public @Nullable String getCorrelationId() {
        return correlationId;
    }

    /** The id of the event that led to this one: the extension {@code causationid}; null for the first of a chain. */
    public @Nullable String getCausationId() {
        return causationId;
    }

    /**
     * How many events led to this one, 0 for the first of a chain: the extension {@code chaindepth}, which is left out when it
     * is 0. An event that is emitted again while it is being handled is one deeper each time.
     */
    public int getChainDepth() {
        return chainDepth;
    }

    @Override
    public SpecVersion getSpecVersion() {
        return SpecVersion.V1;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getType() {
        return type;
    }

    @Override
    public URI getSource() {
        return source == null ? UNSET_SOURCE : source;
    }

    @Override
    public @Nullable String getSubject() {
        return subject;
    }

    @Override
    public @Nullable OffsetDateTime getTime() {
        if (time != null) {
            return time;
        }
        return stampedMillis == UNSTAMPED
                ? null
                : Instant.ofEpochMilli(stampedMillis).atOffset(ZoneOffset.UTC);
    }

    @Override
    public @Nullable String getDataContentType() {
        return dataContentType;
    }

    @Override
    public @Nullable URI getDataSchema() {
        return dataSchema;
    }

    /** The data; its bytes are the event's own and must not be changed. Null when the event has none. */
    @Override
    public @Nullable CloudEventData getData() {
        return data;
    }

    /**
     * An attribute by its CloudEvents name; null when it is not set.
     *
     * @throws IllegalArgumentException if CloudEvents 1.0 has no attribute of the name; extensions are in {@link #getExtension}
     */
    @Override
    public @Nullable Object getAttribute(String attributeName) {
        return Attributes.of(this, attributeName);
    }

    @Override
    public @Nullable Object getExtension(String extensionName) {
        return switch (extensionName) {
            case CORRELATION_ID -> correlationId;
            case CAUSATION_ID -> causationId;
            case CHAIN_DEPTH -> chainDepth == 0 ? null : (Integer) chainDepth;
            default -> {
                Object value = extensions.get(extensionName);
                yield value instanceof byte[] bytes ? bytes.clone() : value;
            }
        };
    }

    @Override
    public Set<String> getExtensionNames() {
        if (correlationId == null && causationId == null && chainDepth == 0) {
            return extensions.keySet();
        }
        Set<String> names = new TreeSet<>(extensions.keySet());
        if (correlationId != null) {
            names.add(CORRELATION_ID);
        }
        if (causationId != null) {
            names.add(CAUSATION_ID);
        }
        if (chainDepth != 0) {
            names.add(CHAIN_DEPTH);
        }
        return Collections.unmodifiableSet(names);
    }

    /**
     * The data as an instance of the class: the object itself when it is one, else converted by way of JSON. {@code byte[]} is
     * the data as sent, a copy at each call; {@code String} its text.
     *
     * @throws DataConversionException if there is no data, or it can't be read as that
     */
    public <T> T dataAs(Class<T> type) {
        return EventData.as(type, this, data);
    }

    /**
     * The data as an instance of a type with type arguments, by way of JSON: {@code dataAs(new TypeRef<List<User>>() {})}. A type
     * without arguments is read as {@link #dataAs(Class)} reads it; one with arguments is converted anew at each call, since an
     * object does not tell what its own arguments are.
     *
     * @throws DataConversionException if there is no data, or it can't be read as that
     */
    public <T> T dataAs(TypeRef<T> type) {
        return EventData.as(type, this, data);
    }

    /**
     * The data as a JSON tree, made once per event; the missing node when there is no data, or JSON text of blanks alone. The tree must not be changed.
     *
     * @throws DataConversionException if the data is of another content type, or is not valid JSON
     */
    public JsonNode dataAsJson() {
        return EventData.asJson(this, data);
    }

    /** A builder that starts with everything that this event has. */
    public Builder toBuilder() {
        Builder builder = new Builder(type);
        builder.id = id;
        builder.source = source;
        builder.subject = subject;
        builder.time = time;
        builder.stampedMillis = stampedMillis;
        builder.dataContentType = dataContentType;
        builder.dataSchema = dataSchema;
        builder.correlationId = correlationId;
        builder.causationId = causationId;
        builder.chainDepth = chainDepth;
        builder.extensions.putAll(extensions);
        builder.data = data == null ? null : data.value();
        return builder;
    }

    /** Equal attributes, extensions and data (the same bytes, or equal objects). */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        return other instanceof Event that
                && id.equals(that.id)
                && Objects.equals(source, that.source)
                && type.equals(that.type)
                && Objects.equals(subject, that.subject)
                && Objects.equals(getTime(), that.getTime())
                && Objects.equals(dataContentType, that.dataContentType)
                && Objects.equals(dataSchema, that.dataSchema)
                && Objects.equals(correlationId, that.correlationId)
                && Objects.equals(causationId, that.causationId)
                && chainDepth == that.chainDepth
                && Attributes.sameExtensions(extensions, that.extensions)
                && Objects.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, getSource(), type);
    }

    /** The attributes that name the event; never its data. */
    @Override
    public String toString() {
        return "Event[id=" + id + ", source=" + getSource() + ", type=" + type
                + (subject == null ? "" : ", subject=" + subject)
                + (getTime() == null ? "" : ", time=" + getTime())
                + "]";
    }

    /**
     * Builds an {@link Event}. Each method throws {@link InvalidEventException} when CloudEvents does not allow what it is given; of
     * the methods that take null, null is as if they had not been called. Not thread-safe.
     */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String type;
        private final Map<String, Object> extensions = new TreeMap<>();
        private @Nullable String id;
        private @Nullable URI source;
        private @Nullable String subject;
        private @Nullable OffsetDateTime time;
        private long stampedMillis = UNSTAMPED;
        private @Nullable String dataContentType;
        private @Nullable URI dataSchema;
        private @Nullable String correlationId;
        private @Nullable String causationId;
        private int chainDepth;
        private @Nullable Object data;

        private Builder(String type) {
            this.type = type;
        }

        /** The id, unique per source; a new time-ordered UUID (version 7) unless given. */
        public Builder id(String id) {
            this.id = Attributes.text("id", id);
            return this;
        }

        /** What happened where: a URI-reference, the gateway's own unless given. */
        public Builder source(String source) {
            this.source = Attributes.source("source", source);
            return this;
        }

        /** As {@link #source(String)}. */
        public Builder source(URI source) {
            this.source = Attributes.uri("source", source);
            return this;
        }

        /** What the event is about, within its source; null for nothing. */
        public Builder subject(@Nullable String subject) {
            this.subject = subject == null ? null : Attributes.text("subject", subject);
            return this;
        }

        /**
         * When it happened; null for the time of its acceptance, which it is unless given. Its year is 0 to 9999 and its offset
         * has whole minutes, as RFC 3339 has it.
         */
        public Builder time(@Nullable OffsetDateTime time) {
            this.time = time == null ? null : Attributes.timestamp("time", time);
            this.stampedMillis = UNSTAMPED;
            return this;
        }

        /** As {@link #time(OffsetDateTime)}, in UTC. */
        public Builder time(@Nullable Instant time) {
            return time(time == null ? null : Attributes.utc("time", time));
        }

        /** Where the schema of the data is: an absolute URI; null for none. */
        public Builder dataSchema(@Nullable URI dataSchema) {
            this.dataSchema = dataSchema == null
                    ? null
                    : Attributes.absoluteUri("dataschema", Attributes.uri("dataschema", dataSchema));
            return this;
        }

        /**
         * An extension of one of CloudEvents' types: String, Boolean, Integer, byte[], URI, OffsetDateTime (or Instant). Null
         * for none of the name.
         *
         * @throws InvalidEventException if the name is not lower-case letters and digits or is an attribute's, or the value is of
         *     another type
         */
        public Builder extension(String name, @Nullable Object value) {
            if (value == null) {
                return without(Attributes.extensionName(name));
            }
            Object checked = Attributes.extensionValue(Attributes.extensionName(name), value);
            switch (name) {
                case CORRELATION_ID -> correlationId = Attributes.text(name, String.valueOf(checked));
                case CAUSATION_ID -> causationId = Attributes.text(name, String.valueOf(checked));
                case CHAIN_DEPTH -> chainDepth = Attributes.depth(name, checked);
                default -> extensions.put(name, checked);
            }
            return this;
        }

        private Builder without(String extension) {
            switch (extension) {
                case CORRELATION_ID -> correlationId = null;
                case CAUSATION_ID -> causationId = null;
                case CHAIN_DEPTH -> chainDepth = 0;
                default -> extensions.remove(extension);
            }
            return this;
        }

        /**
         * The data: null; {@code byte[]} (copied; {@code application/octet-stream}); or any object, which others see as JSON
         * ({@code application/json}) and functions in this process get as it is.
         */
        public Builder data(@Nullable Object data) {
            this.dataContentType = data == null ? null : Payload.contentTypeOf(data);
            this.data = data == null ? null : Payload.owned(data);
            return this;
        }

        /**
         * Data as bytes (copied) of a content type.
         *
         * @throws InvalidEventException if the content type is no media type
         * @throws NullPointerException if the data is null; {@link #data(Object)} takes null
         */
        public Builder data(String contentType, byte[] data) {
            this.dataContentType = Attributes.contentType(contentType);
            this.data = Objects.requireNonNull(data, "data must not be null").clone();
            return this;
        }

        /**
         * Data as an object of a content type: an object or a JSON tree for a JSON type, a String for a text type. Whether it
         * can be written is found when somebody needs the bytes.
         *
         * @throws InvalidEventException if the content type is no media type
         * @throws NullPointerException if the data is null; {@link #data(Object)} takes null
         */
        public Builder data(String contentType, Object data) {
            this.dataContentType = Attributes.contentType(contentType);
            this.data = Payload.owned(Objects.requireNonNull(data, "data must not be null"));
            return this;
        }

        /** The event. */
        @CheckReturnValue
        public Event build() {
            return new Event(this, data == null ? null : new Payload(data, dataContentType, null));
        }
    }
}
