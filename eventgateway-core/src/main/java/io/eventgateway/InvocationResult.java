package io.eventgateway;

import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.error.DataConversionException;
import io.eventgateway.http.HttpResponse;
import io.eventgateway.internal.event.Payload;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * What a function returned: an object of this process, bytes of a content type, or nothing. Immutable; converted when asked.
 */
@CheckReturnValue
public final class InvocationResult {
    private static final InvocationResult EMPTY = new InvocationResult(null, null, null, null);

    private final @Nullable Object value;
    private final @Nullable String contentType;
    /** Null for Jackson's shared one. */
    private final @Nullable JsonMapper mapper;

    private final @Nullable String calledFunctionId;

    private InvocationResult(
            @Nullable Object value,
            @Nullable String contentType,
            @Nullable JsonMapper mapper,
            @Nullable String calledFunctionId) {
        this.value = value;
        this.contentType = contentType;
        this.mapper = mapper;
        this.calledFunctionId = calledFunctionId;
    }

    /** The result of a function that returned nothing. */
    public static InvocationResult empty() {
        return EMPTY;
    }

    /** An object; empty when it is null, the result itself when it is one. */
    public static InvocationResult of(@Nullable Object value) {
        return value instanceof InvocationResult result
                ? result
                : value == null ? EMPTY : new InvocationResult(value, null, null, null);
    }

    /** As {@link #of(Object)}, converted by the mapper. */
    public static InvocationResult of(@Nullable Object value, JsonMapper mapper) {
        if (value instanceof InvocationResult result) {
            return result;
        }
        return value == null ? EMPTY : new InvocationResult(value, null, mapper, null);
    }

    /** Bytes that a remote function answered; empty when there are none. The array must not be changed after. */
    public static InvocationResult ofBytes(@Nullable String contentType, byte[] body, JsonMapper mapper) {
        return body.length == 0 ? EMPTY : new InvocationResult(body, contentType, mapper, null);
    }

    /** The same result, of a function that was called in the place of the one that was asked for. */
    public InvocationResult withCalledFunctionId(String functionId) {
        return new InvocationResult(value, contentType, mapper, Objects.requireNonNull(functionId, "functionId"));
    }

    /**
     * The function that returned it where the one that was asked for called another, as a weighted group calls a member; null where
     * it was itself.
     */
    public @Nullable String calledFunctionId() {
        return calledFunctionId;
    }

    /** Whether the function returned nothing. */
    public boolean isEmpty() {
        return value == null;
    }

    /** The object or the bytes as they are; null when empty. */
    public @Nullable Object value() {
        return value;
    }

    /** The content type of bytes that a remote function answered; null for everything else. */
    public @Nullable String contentType() {
        return contentType;
    }

    /**
     * The result as an instance of the class: the object itself when it is one, else converted by way of JSON.
     *
     * @throws DataConversionException if the result is empty or can't be read as that
     */
    public <T> T valueAs(Class<T> type) {
        if (value == null) {
            throw new DataConversionException("an empty result can't be read as " + type.getName());
        }
        try {
            return payload(value).as(type);
        } catch (DataConversionException e) {
            throw new DataConversionException("result: " + e.getMessage(), e.getCause());
        }
    }

    /**
     * The result as an instance of a type with type arguments, by way of JSON; see {@link Event#dataAs(TypeRef)}.
     *
     * @throws DataConversionException if the result is empty or can't be read as that
     */
    public <T> T valueAs(TypeRef<T> type) {
        if (value == null) {
            throw new DataConversionException("an empty result can't be read as " + type);
        }
        try {
            return payload(value).as(type);
        } catch (DataConversionException e) {
            throw new DataConversionException("result: " + e.getMessage(), e.getCause());
        }
    }

    /**
     * The result as a JSON tree; the missing node when it is empty.
     *
     * @throws DataConversionException if it can't be written as JSON, or its bytes are not JSON
     */
    public JsonNode asJson() {
        if (value == null) {
            return MissingNode.getInstance();
        }
        try {
            return payload(value).toJson();
        } catch (DataConversionException e) {
            throw new DataConversionException("result: " + e.getMessage(), e.getCause());
        }
    }

    private Payload payload(Object present) {
        return new Payload(present, contentType, mapper);
    }

    /** Says what kind of result it is, not what is in it. */
    @Override
    public String toString() {
        if (value == null) {
            return "InvocationResult[empty]";
        }
        if (value instanceof byte[] bytes) {
            return "InvocationResult[" + bytes.length + " bytes of "
                    + Objects.requireNonNullElse(contentType, "no content type") + "]";
        }
        return value instanceof HttpResponse response
                ? "InvocationResult[" + response + "]"
                : "InvocationResult[" + value.getClass().getName() + "]";
    }
}
