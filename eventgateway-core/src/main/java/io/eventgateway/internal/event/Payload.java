package io.eventgateway.internal.event;

import io.cloudevents.CloudEventData;
import io.eventgateway.TypeRef;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.internal.filter.JsonData;
import io.eventgateway.internal.http.MediaTypes;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.json.Mappers;
import io.eventgateway.internal.json.PlainJson;
import io.eventgateway.internal.json.Unreadable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Data in the form it was given (bytes, a JSON tree, or any Java object) with its other forms made when they are first asked
 * for, and kept. Shared by an event and every copy of it, so that each form is made once per event.
 *
 * <p>Two threads that ask for the same form at the same time may both make it; they get equal results.
 */
public final class Payload implements CloudEventData, JsonData {
    private final Object value;
    private final @Nullable String contentType;
    private final @Nullable JsonMapper mapper;
    private volatile byte @Nullable [] bytes;
    private volatile @Nullable Read json;
    /** Whether a parser was given out. Two threads that both get one read twice, and what they read is the same. */
    private boolean streamed;

    /**
     * The data.
     *
     * @param mapper null for Jackson's shared one
     */
    public Payload(Object value, @Nullable String contentType, @Nullable JsonMapper mapper) {
        this.value = value;
        this.contentType = contentType;
        this.mapper = mapper;
    }

    /** Data that an event was given without a content type; bytes are copied. */
    public static Payload of(Object data, @Nullable JsonMapper mapper) {
        return new Payload(owned(data), contentTypeOf(data), mapper);
    }

    /** The content type of data that was given without one. */
    public static String contentTypeOf(Object data) {
        return data instanceof byte[] ? "application/octet-stream" : "application/json";
    }

    /** The data itself, or a copy of bytes, which whoever gave them may change. */
    public static Object owned(Object data) {
        return data instanceof byte[] bytes ? bytes.clone() : data;
    }

    /** This data, converted by another mapper. */
    public Payload with(@Nullable JsonMapper other) {
        return other == mapper ? this : new Payload(value, contentType, other);
    }

    private JsonMapper mapper() {
        return Mappers.orShared(mapper);
    }

    /** The content type of the data; null when it is not known. */
    public @Nullable String contentType() {
        return contentType;
    }

    public Object value() {
        return value;
    }

    /** The number of bytes that the data has if it was given as bytes or text, else 0. */
    public long knownSize() {
        return value instanceof byte[] raw ? raw.length : value instanceof String text ? text.length() : 0;
    }

    private boolean isRaw() {
        return value instanceof byte[] || value instanceof CloudEventData;
    }

    /** The data as it goes over a wire. The array is the event's own: it must not be changed. */
    @Override
    public byte[] toBytes() {
        if (value instanceof byte[] raw) {
            return raw;
        }
        byte[] known = bytes;
        if (known == null) {
            known = value instanceof CloudEventData foreign ? bytesOf(foreign) : serialise();
            bytes = known;
        }
        return known;
    }

    @SuppressWarnings("ConstantConditions") // foreign code may return null all the same
    private static byte[] bytesOf(CloudEventData foreign) {
        byte[] bytes;
        try {
            bytes = foreign.toBytes();
        } catch (Throwable e) { // foreign code
            throw new DataConversionException(
                    "data of " + foreign.getClass() + " can't be read: its toBytes() threw "
                            + e.getClass().getSimpleName(),
                    e);
        }
        if (bytes == null) {
            throw new DataConversionException(
                    "data of " + foreign.getClass() + " can't be read: its toBytes() returned null");
        }
        return bytes;
    }

    private byte[] serialise() {
        if (value instanceof String text && !isJson(contentType)) {
            Charset charset = MediaTypes.charset(contentType);
            if (!charset.canEncode()) {
                throw new DataConversionException(
                        "text can't be written in the charset " + charset + ", which can only be read; give bytes");
            }
            return text.getBytes(charset);
        }
        if (!isJson(contentType)) {
            throw new DataConversionException("data of " + value.getClass() + " can't be written as '" + contentType
                    + "'; give bytes, or a JSON content type");
        }
        try {
            return mapper().writeValueAsBytes(value);
        } catch (Throwable e) { // foreign code: getters throw what they like
            throw new DataConversionException(
                    "data of " + value.getClass() + " can't be written as JSON: " + reason(e), e);
        }
    }

    @Override
    public boolean isJson() {
        return value instanceof JsonNode || isJson(contentType);
    }

    @Override
    public @Nullable JsonParser parser() {
        if (json != null || !isRaw() || streamed || !isJson(contentType)) {
            return null;
        }
        streamed = true;
        try {
            ExactJson.requireUtf8(toBytes());
            return mapper().createParser(toBytes());
        } catch (JacksonException | DataConversionException e) {
            return null;
        }
    }

    @Override
    public @Nullable JsonNode tree() {
        if (value instanceof JsonNode node) {
            return node.isMissingNode() ? null : node;
        }
        JsonNode known = isJson(contentType) ? read().tree : null;
        return known == null || known.isMissingNode() ? null : known;
    }

    @Override
    public @Nullable String problem() {
        DataConversionException problem = isJson(contentType) ? read().problem : null;
        return problem == null ? null : problem.getMessage();
    }

    /**
     * The data as a tree with exact numbers; the missing node for JSON text of blanks alone.
     *
     * @throws DataConversionException if it is not JSON, or can't be made JSON
     */
    public JsonNode toJson() {
        if (value instanceof JsonNode node) {
            return node;
        }
        Read read = read();
        if (read.tree == null) {
            DataConversionException problem = Objects.requireNonNull(read.problem);
            throw new DataConversionException(String.valueOf(problem.getMessage()), problem.getCause());
        }
        return read.tree;
    }

    private Read read() {
        Read known = json;
        if (known == null) {
            known = Read.of(this);
            json = known;
        }
        return known;
    }

    /** The outcome of reading the data as JSON: a tree, or why there is none. */
    private record Read(@Nullable JsonNode tree, @Nullable DataConversionException problem) {
        static Read of(Payload payload) {
            try {
                return new Read(payload.isRaw() ? payload.parse() : payload.converted(), null);
            } catch (DataConversionException e) {
                return new Read(null, e);
            }
        }
    }

    private JsonNode parse() {
        if (!isJson(contentType)) {
            throw new DataConversionException("data of content type '" + contentType
                    + "' can't be read as JSON; application/json or a type that ends in +json can");
        }
        try {
            return ExactJson.read(ExactJson.reader(mapper()), toBytes());
        } catch (JacksonException e) {
            throw new DataConversionException("data can't be read as JSON: " + reason(e), e);
        }
    }

    private JsonNode converted() {
        try {
            JsonNode tree = mapper().valueToTree(value);
            if (PlainJson.isDeeperThan(tree, StreamReadConstraints.DEFAULT_MAX_DEPTH)) {
                throw new DataConversionException(
                        "data of " + value.getClass() + " can't be written as JSON: it is nested more than "
                                + StreamReadConstraints.DEFAULT_MAX_DEPTH + " levels deep");
            }
            return PlainJson.isPlain(tree) ? tree : ExactJson.read(mapper().writeValueAsBytes(value));
        } catch (DataConversionException e) {
            throw e;
        } catch (Throwable e) { // foreign code: getters throw what they like
            throw new DataConversionException(
                    "data of " + value.getClass() + " can't be written as JSON: " + reason(e), e);
        }
    }

    @SuppressWarnings("unchecked") // what Jackson made of the class; Class.cast knows no primitives
    public <T> T as(Class<T> type) {
        if (type.isInstance(value)) {
            return type.cast(value instanceof byte[] own ? own.clone() : value);
        }
        if (type == byte[].class) {
            return type.cast(toBytes().clone()); // others get the same array as their event's data
        }
        if (type == String.class) {
            return type.cast(text());
        }
        if (JsonNode.class.isAssignableFrom(type)) {
            JsonNode node = toJson();
            if (type.isInstance(node)) {
                return type.cast(node);
            }
            throw new DataConversionException(
                    "data can't be read as " + type.getName() + ": it is a JSON " + node.getNodeType());
        }
        return (T) convert(mapper().constructType(type), type.getName());
    }

    /**
     * The data as a type with type arguments, converted by way of JSON: nothing tells what an object's own arguments are.
     *
     * @throws DataConversionException if it can't be
     */
    @SuppressWarnings("unchecked") // the class, or what Jackson made of the type
    public <T> T as(TypeRef<T> type) {
        if (type.type() instanceof Class<?>) {
            return as((Class<T>) type.type());
        }
        return (T) convert(mapper().constructType(type.type()), type.toString());
    }

    private Object convert(JavaType type, String name) {
        try {
            Object converted;
            if (isRaw() && json == null && isJson(contentType)) {
                ExactJson.requireUtf8(toBytes());
                converted = mapper().readValue(toBytes(), type);
            } else {
                converted = mapper().treeToValue(toJson(), type);
            }
            if (converted == null) {
                throw new DataConversionException("data can't be read as " + name + ": it is JSON null");
            }
            return converted;
        } catch (JacksonException e) {
            throw new DataConversionException("data can't be read as " + name + ": " + Unreadable.reason(e), e);
        }
    }

    /** The text: of a JSON string what it says, of other JSON the document, of anything else its characters. */
    private String text() {
        if (isJson(contentType)) {
            JsonNode node = isRaw() ? null : toJson();
            if (node != null) {
                return node.isString() ? node.stringValue() : node.toString();
            }
            String document = new String(toBytes(), StandardCharsets.UTF_8);
            return document.startsWith("\"") ? toJson().asString() : document;
        }
        return new String(toBytes(), MediaTypes.charset(contentType));
    }

    /** CloudEvents JSON format, section 3.1: absent means JSON, and so does a subtype that is or ends in json. */
    public static boolean isJson(@Nullable String contentType) {
        return contentType == null || MediaTypes.isJson(contentType);
    }

    /** Jackson's own words without its source excerpt, which would show data. */
    public static String reason(Throwable e) {
        return e instanceof JacksonException jackson
                ? jackson.getOriginalMessage()
                : e.getClass().getSimpleName();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Payload that)) {
            return false;
        }
        if (value.equals(that.value)) {
            return true;
        }
        return isRaw() && that.isRaw() && Arrays.equals(toBytes(), that.toBytes());
    }

    @Override
    public int hashCode() {
        return isRaw() ? Arrays.hashCode(toBytes()) : value.hashCode();
    }
}
