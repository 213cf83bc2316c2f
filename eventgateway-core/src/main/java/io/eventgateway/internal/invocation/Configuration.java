package io.eventgateway.internal.invocation;

import io.eventgateway.FunctionDefinition;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.internal.json.AcceptedForm;
import io.eventgateway.internal.json.Mappers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads provider configurations. Its messages name entries and kinds, never values, since any value may be a secret. */
final class Configuration {
    private final @Nullable JsonMapper given;
    private @Nullable JsonMapper strict;
    static final String RESPONSES = "responses";
    static final String VALUE = "value";
    private static final String PROXY = "proxy";

    /** Reads with the settings of a mapper; of Jackson's shared one when null. */
    Configuration(@Nullable JsonMapper given) {
        this.given = given;
    }

    private synchronized JsonMapper mapper() {
        if (strict == null) {
            strict = Mappers.orShared(given)
                    .rebuild()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT) // half a weight would be none
                    .build();
        }
        return strict;
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
                    + function.type() + "): " + reason(e));
        }
    }

    private static String reason(JacksonException e) {
        boolean isOwnCheck =
                !(e instanceof InvalidFormatException); // else it is the JDK's or Jackson's, which show the value
        for (Throwable cause = e.getCause(); isOwnCheck && cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage(); // a configuration class's own check, which knows what is secret
            }
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            Collection<Object> known = unknown.getKnownPropertyIds();
            return "'" + unknown.getPropertyName() + "' is unknown; known are "
                    + (known == null
                            ? "none"
                            : new TreeSet<>(known.stream().map(String::valueOf).toList()));
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "'" + path(mismatch) + "' must be " + AcceptedForm.of(mismatch.getTargetType());
        }
        return e instanceof DatabindException databind
                ? "'" + path(databind) + "' is not valid"
                : "not valid (" + e.getClass().getSimpleName() + ")";
    }

    private static String path(DatabindException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() != null ? step.getPropertyName() : "[" + step.getIndex() + "]")
                .collect(Collectors.joining("."));
    }
}
