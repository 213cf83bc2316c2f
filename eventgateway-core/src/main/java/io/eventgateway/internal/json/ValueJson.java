package io.eventgateway.internal.json;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import io.eventgateway.EventGatewayException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** The JSON forms of values: reading and writing them, and saying what is wrong with a text in the words of the value. */
public final class ValueJson {
    private static final JsonMapper STRICT = literal(JsonMapper.builder())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(new SimpleModule("durations").addDeserializer(Duration.class, new DurationDeserializer()))
            .build();

    /** Reads numbers as Java programs write them: integers, longs and doubles. */
    public static final ObjectReader PLAIN = STRICT.reader();

    private static final ObjectReader EXACT = ExactJson.reader(STRICT);

    private static final int MAX_SHOWN = 60;
    private static final Pattern MISSING = Pattern.compile("([A-Za-z]+)( must not be null)?");

    /** Reads the texts of ISO 8601 alone, and no numbers. */
    private static final class DurationDeserializer extends StdDeserializer<Duration> {
        DurationDeserializer() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Duration) context.handleUnexpectedToken(context.constructType(Duration.class), parser);
            }
            try {
                return Duration.parse(parser.getString());
            } catch (DateTimeParseException e) {
                return (Duration) context.handleWeirdStringValue(Duration.class, parser.getString(), "not a duration");
            }
        }
    }

    private ValueJson() {}

    /**
     * Sets a mapper to take every value for what it is written as, whatever it took before: no text for a number, no number for a text,
     * a truth value, a duration or a constant.
     */
    public static JsonMapper.Builder literal(JsonMapper.Builder mapper) {
        mapper.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
        refuse(
                mapper,
                LogicalType.Textual,
                CoercionInputShape.Integer,
                CoercionInputShape.Float,
                CoercionInputShape.Boolean);
        refuse(
                mapper,
                LogicalType.Enum,
                CoercionInputShape.EmptyString,
                CoercionInputShape.Integer,
                CoercionInputShape.Float,
                CoercionInputShape.Boolean);
        refuse(
                mapper,
                LogicalType.Boolean,
                CoercionInputShape.EmptyString,
                CoercionInputShape.String,
                CoercionInputShape.Integer,
                CoercionInputShape.Float);
        refuse(
                mapper,
                LogicalType.Integer,
                CoercionInputShape.EmptyString,
                CoercionInputShape.String,
                CoercionInputShape.Float,
                CoercionInputShape.Boolean);
        refuse(
                mapper,
                LogicalType.Float,
                CoercionInputShape.EmptyString,
                CoercionInputShape.String,
                CoercionInputShape.Boolean);
        return mapper;
    }

    private static void refuse(JsonMapper.Builder mapper, LogicalType type, CoercionInputShape... shapes) {
        mapper.withCoercionConfig(type, config -> {
            for (CoercionInputShape shape : shapes) {
                config.setCoercion(shape, CoercionAction.Fail);
            }
        });
    }

    /** Writes a value's JSON form. */
    public static String write(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    /** Reads a value from its JSON form, in which numbers are exact. */
    public static <T> T read(
            String what, @Nullable String json, Class<T> type, Function<String, ? extends RuntimeException> refusal) {
        return read(EXACT, what, json, type, refusal);
    }

    /**
     * Reads a value from its JSON form.
     *
     * @param what the value with its article, for a message: "a subscription"
     * @param refusal makes the exception of a message
     * @throws EventGatewayException the value's own, if a part of it refuses what the text says
     */
    public static <T> T read(
            ObjectReader reader,
            String what,
            @Nullable String json,
            Class<T> type,
            Function<String, ? extends RuntimeException> refusal) {
        if (json == null) {
            throw refusal.apply("the JSON form of " + what + " must not be null");
        }
        T value;
        try {
            value = reader.forType(type).readValue(json);
        } catch (JacksonException e) {
            if (e.getCause() instanceof EventGatewayException own) {
                throw own;
            }
            throw refusal.apply("not the JSON form of " + what + ": " + problem(e, json));
        }
        if (value == null) {
            throw refusal.apply("not the JSON form of " + what + ": it is null, and must be an object");
        }
        return value;
    }

    /** Returns a member that a JSON form must have. */
    public static <T> T required(String member, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("'" + member + "' is missing");
        }
        return value;
    }

    private static String problem(JacksonException e, String json) {
        if (e instanceof InputCoercionException beyond) {
            return (path(e).isEmpty() ? "it" : "'" + path(e) + "'") + " must be "
                    + AcceptedForm.withRange(beyond.getTargetType()) + ", was a number beyond it";
        }
        JacksonException unreadable = e instanceof StreamReadException ? e : unreadable(json);
        if (unreadable != null) {
            TokenStreamLocation at = unreadable.getLocation();
            boolean twice = String.valueOf(unreadable.getOriginalMessage()).startsWith("Duplicate");
            boolean tooLong = unreadable instanceof MismatchedInputException;
            return (twice ? "it has a member twice" : tooLong ? "it goes on after its end" : "it is not JSON")
                    + (at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr());
        }
        if (e.getCause() instanceof IllegalArgumentException own && own.getMessage() != null) {
            String path = path(e);
            return (path.isEmpty() ? "" : "in '" + path + "': ") + own.getMessage();
        }
        String path = path(e).isEmpty() ? "it" : "'" + path(e) + "'";
        if (e.getCause() instanceof NullPointerException missing) {
            Matcher name = MISSING.matcher(Objects.requireNonNullElse(missing.getMessage(), ""));
            return name.matches() ? path + " lacks '" + name.group(1) + "'" : path + " must not have null in it";
        }
        if (e instanceof InvalidTypeIdException unknown && !found(unknown, json).equals("an object")) {
            return path + " must be an object with a 'type' of " + types(unknown) + ", was " + found(unknown, json);
        }
        if (e instanceof InvalidTypeIdException unknown) {
            return path + " must have a 'type' of " + types(unknown) + ", had "
                    + (unknown.getTypeId() == null ? "none" : "'" + shown(unknown.getTypeId()) + "'");
        }
        if (e instanceof InvalidFormatException mismatch) {
            String value = shown(String.valueOf(mismatch.getValue()));
            return path + " must be " + AcceptedForm.of(mismatch.getTargetType()) + ", was "
                    + (mismatch.getValue() instanceof CharSequence ? "'" + value + "'" : value);
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return path + " must be " + AcceptedForm.of(mismatch.getTargetType()) + ", was " + found(mismatch, json);
        }
        return path + " can't be read";
    }

    /** Returns why a text as a whole is not one JSON value, which reading its beginning may not have come to; null when it is. */
    private static @Nullable JacksonException unreadable(String json) {
        try {
            ExactJson.read(json);
            return null;
        } catch (JacksonException e) {
            return e;
        }
    }

    private static String types(InvalidTypeIdException e) {
        JsonSubTypes known = e.getBaseType().getRawClass().getAnnotation(JsonSubTypes.class);
        return known == null
                ? "those that it has"
                : Arrays.stream(known.value()).map(JsonSubTypes.Type::name).collect(Collectors.joining(" or "));
    }

    /** Says which kind of value is at the place of a mismatch; never the value, which may be large or secret. */
    private static String found(MismatchedInputException e, String json) {
        JsonNode node = ExactJson.read(json);
        for (JacksonException.Reference step : e.getPath()) {
            node = step.getPropertyName() == null ? node.path(step.getIndex()) : node.path(step.getPropertyName());
        }
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case NUMBER -> "a number";
            case BOOLEAN -> node.toString();
            case STRING -> "a string";
            case NULL -> "null";
            default -> "missing";
        };
    }

    private static String path(JacksonException e) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.toString();
    }

    /** The beginning of a text that may be long. */
    public static String shown(String value) {
        return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
    }
}
