package io.eventgateway.internal.invocation;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.internal.json.AcceptedForm;
import io.eventgateway.internal.json.Mappers;
import io.eventgateway.internal.json.ValueJson;
import io.eventgateway.spi.Secret;
import io.eventgateway.spi.Secrets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads provider configurations. Every value is taken for what it is written as. The messages name entries and kinds, never values, since
 * any text may be a secret; only a number in the place of a number is shown.
 */
final class Configuration {
    private final @Nullable JsonMapper given;
    private final List<Secrets> secrets;
    private @Nullable JsonMapper strict;
    static final String RESPONSES = "responses";
    static final String VALUE = "value";
    private static final String PROXY = "proxy";

    /**
     * Reads with the settings of a mapper; of Jackson's shared one when null.
     *
     * @param secrets what a {@link Secret} may refer to
     */
    Configuration(@Nullable JsonMapper given, List<Secrets> secrets) {
        this.given = given;
        this.secrets = secrets;
    }

    private synchronized JsonMapper mapper() {
        if (strict == null) {
            strict = ValueJson.literal(Mappers.orShared(given).rebuild())
                    .addModule(new SimpleModule()
                            .addDeserializer(Secret.class, new SecretReader(secrets))
                            .addDeserializer(Duration.class, new DurationReader()))
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();
        }
        return strict;
    }

    /** Reads a text that may refer to secrets. */
    private static final class SecretReader extends StdScalarDeserializer<Secret> {
        private final List<Secrets> secrets;

        SecretReader(List<Secrets> secrets) {
            super(Secret.class);
            this.secrets = secrets;
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Secret) context.handleUnexpectedToken(Secret.class, parser);
            }
            try {
                return Secret.of(parser.getString(), secrets);
            } catch (IllegalArgumentException e) {
                throw DatabindException.from(
                        parser,
                        "",
                        new IllegalArgumentException("'" + parser.currentName() + "' " + e.getMessage(), e));
            }
        }
    }

    /** Reads a duration of ISO 8601 alone: a number would leave open what it counts. */
    private static final class DurationReader extends StdScalarDeserializer<Duration> {
        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (Duration) context.handleUnexpectedToken(Duration.class, parser);
            }
            try {
                return Duration.parse(parser.getString());
            } catch (DateTimeParseException e) {
                return (Duration) context.handleWeirdStringValue(Duration.class, "", "not a duration");
            }
        }
    }

    <T> T read(FunctionDefinition function, Class<T> type) {
        Map<String, Object> own = new LinkedHashMap<>(function.configuration());
        Object responses = own.remove(RESPONSES); // the gateway's own, whatever the type
        if (responses != null && !responses.equals(VALUE) && !responses.equals(PROXY)) {
            throw new InvalidFunctionException("provider of function '" + function.functionId() + "' (type "
                    + function.type() + "): '" + RESPONSES + "' must be \"" + PROXY + "\" or \"" + VALUE + "\"");
        }
        try {
            return mapper().convertValue(own, type);
        } catch (JacksonException e) {
            throw new InvalidFunctionException("provider of function '" + function.functionId() + "' (type "
                    + function.type() + "): " + reason(e, own));
        }
    }

    private static String reason(JacksonException e, Map<String, Object> configuration) {
        boolean isOwnCheck =
                !(e instanceof InvalidFormatException); // else it is the JDK's or Jackson's, which show the value
        for (Throwable cause = e.getCause(); isOwnCheck && cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage(); // a configuration class's own check, which knows what is secret
            }
        }
        if (e instanceof InputCoercionException beyond) {
            return "'" + path(e) + "' must be " + AcceptedForm.withRange(beyond.getTargetType()) + ", was "
                    + ValueJson.shown(String.valueOf(valueAt(e, configuration)));
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            TreeSet<String> names = new TreeSet<>();
            if (known != null) {
                known.forEach(name -> names.add(String.valueOf(name)));
            }
            if (unknown.getPath().size() == 1) {
                names.add(RESPONSES); // which is read here
            }
            return "'" + unknown.getPropertyName() + "' is unknown; known are " + names;
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "'" + path(mismatch) + "' must be " + AcceptedForm.of(mismatch.getTargetType())
                    + kind(valueAt(e, configuration));
        }
        return e instanceof DatabindException databind
                ? "'" + path(databind) + "' is not valid"
                : "not valid (" + e.getClass().getSimpleName() + ")";
    }

    /** The value that a failure is about. */
    private static @Nullable Object valueAt(JacksonException e, Map<String, Object> configuration) {
        Object value = configuration;
        for (JacksonException.Reference step : e.getPath()) {
            if (value instanceof Map<?, ?> map) {
                value = map.get(step.getPropertyName());
            } else if (value instanceof List<?> list && step.getIndex() >= 0 && step.getIndex() < list.size()) {
                value = list.get(step.getIndex());
            }
        }
        return value;
    }

    /** Says which kind of value there is; nothing of null, which may stand for none. */
    private static String kind(@Nullable Object value) {
        if (value instanceof Boolean) {
            return ", was " + value;
        }
        return value instanceof String
                ? ", was a string"
                : value instanceof Number
                        ? ", was a number"
                        : value instanceof List ? ", was an array" : value instanceof Map ? ", was an object" : "";
    }

    private static String path(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() != null ? step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."));
    }
}
