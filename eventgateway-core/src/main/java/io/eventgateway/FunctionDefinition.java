package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidFunctionException;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.internal.event.Metadata;
import io.eventgateway.internal.event.Names;
import io.eventgateway.internal.json.ValueJson;
import io.eventgateway.spi.Registration;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A registered target: which function, of which type, and how its invoker reaches it. An immutable value.
 *
 * <p>What {@link #configuration()} may hold is up to the type's invoker, which checks it when the function is registered. It is plain
 * JSON: strings, numbers, booleans, null, lists and maps of these. Numbers are kept as they come back from JSON: {@code 1000L}
 * is the {@code Integer} 1000.
 */
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public final class FunctionDefinition implements Registration {
    /** The type of a function whose handler is an object of this process. */
    public static final String JAVA = "java";

    private static final int MAX_DEPTH = 32;

    private final String functionId;
    private final String type;
    private final Map<String, @Nullable Object> configuration;
    private final Map<String, String> metadata;
    private final Set<String> emits;

    private FunctionDefinition(
            @Nullable String functionId,
            @Nullable String type,
            Map<String, ? extends @Nullable Object> configuration,
            Map<String, String> metadata,
            Set<String> emits) {
        this.functionId = Names.check("functionId", functionId, InvalidFunctionException::new);
        this.type = Names.check("type of function '" + functionId + "'", type, InvalidFunctionException::new);
        this.configuration = copy(functionId, configuration);
        this.metadata = Metadata.copy(metadata, InvalidFunctionException::new);
        this.emits = Collections.unmodifiableSet(new TreeSet<>(emits));
        for (String emitted : this.emits) {
            try {
                Attributes.text("a type that function '" + functionId + "' emits", emitted);
            } catch (InvalidEventException e) {
                throw new InvalidFunctionException(String.valueOf(e.getMessage()), e);
            }
        }
    }

    /**
     * A function of any type.
     *
     * @throws InvalidFunctionException if the id or the type is not 1 to 256 of {@code a-z A-Z 0-9 . - _}, or the configuration
     *     holds what is not JSON
     */
    public static FunctionDefinition of(
            String functionId, String type, Map<String, ? extends @Nullable Object> configuration) {
        return new FunctionDefinition(functionId, type, configuration, Map.of(), Set.of());
    }

    /** A function behind an HTTP endpoint; what else its configuration may say is in the {@code http} invoker's docs. */
    public static FunctionDefinition http(String functionId, String url) {
        return of(functionId, "http", required(functionId, "url", url));
    }

    /** A function on AWS Lambda, by its ARN (with a version or alias, if wanted); the region is the ARN's. */
    public static FunctionDefinition awsLambda(String functionId, String arn) {
        return of(functionId, "awslambda", required(functionId, "arn", arn));
    }

    /** A group that hands each event to one of its functions, chosen at random by their weights. */
    public static FunctionDefinition weighted(String functionId, Map<String, Integer> weights) {
        return of(functionId, "weighted", Map.of("weights", new LinkedHashMap<>(weights)));
    }

    private static Map<String, Object> required(String functionId, String name, @Nullable String value) {
        if (value == null) {
            throw new InvalidFunctionException(name + " of function '" + functionId + "' must not be null");
        }
        return Map.of(name, value);
    }

    /**
     * A definition from its JSON form.
     *
     * @throws InvalidFunctionException if it is not one
     */
    public static FunctionDefinition fromJson(String json) {
        return ValueJson.read(
                ValueJson.PLAIN, "a function", json, FunctionDefinition.class, InvalidFunctionException::new);
    }

    @JsonCreator
    static FunctionDefinition fromJson(
            @JsonProperty("functionId") @Nullable String functionId,
            @JsonProperty("type") @Nullable String type,
            @JsonProperty("configuration") @Nullable Map<String, @Nullable Object> configuration,
            @JsonProperty("metadata") @Nullable Map<String, String> metadata,
            @JsonProperty("emits") @Nullable Set<String> emits) {
        Map<String, ? extends @Nullable Object> configured = Map.of();
        if (configuration != null) {
            configured = configuration;
        }
        return new FunctionDefinition(
                functionId, type, configured, metadata == null ? Map.of() : metadata, emits == null ? Set.of() : emits);
    }

    @Override
    public String toJson() {
        return ValueJson.write(this);
    }

    /** The same as {@link #functionId()}. */
    @Override
    public String id() {
        return functionId;
    }

    /** The id, unique in the space. */
    @JsonProperty
    public String functionId() {
        return functionId;
    }

    /** The type, which names the invoker. */
    @JsonProperty
    public String type() {
        return type;
    }

    /** What the invoker needs to reach the function. Unmodifiable, all the way down. It may hold secrets. */
    @JsonProperty
    public Map<String, @Nullable Object> configuration() {
        return configuration;
    }

    /** Labels that the application gives and can list by. Unmodifiable. */
    @JsonProperty
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The event types that the function says it emits, for the check for cycles; empty when it says nothing. Unmodifiable. */
    @JsonProperty
    public Set<String> emits() {
        return emits;
    }

    /** This function with the event types that it emits, as replies or otherwise. It is not held to it. */
    public FunctionDefinition emits(String... types) {
        return new FunctionDefinition(functionId, type, configuration, metadata, Set.copyOf(Arrays.asList(types)));
    }

    /** This function with other labels. */
    public FunctionDefinition withMetadata(Map<String, String> labels) {
        return new FunctionDefinition(functionId, type, configuration, labels, emits);
    }

    /** This function with one more entry in its configuration, or another value of one. */
    public FunctionDefinition with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(configuration);
        changed.put(name, value);
        return new FunctionDefinition(functionId, type, changed, metadata, emits);
    }

    private static Map<String, @Nullable Object> copy(
            @Nullable String functionId, Map<String, ? extends @Nullable Object> configuration) {
        Objects.requireNonNull(configuration, "configuration must not be null");
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        configuration.forEach((name, value) -> copy.put(name, copy(functionId, name, value, 0)));
        return Collections.unmodifiableMap(copy);
    }

    private static @Nullable Object copy(@Nullable String functionId, String path, @Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new InvalidFunctionException(
                    "configuration." + path + " of function '" + functionId + "' is nested deeper than " + MAX_DEPTH);
        }
        if (value instanceof Number number && !Double.isFinite(number.doubleValue())) {
            throw new InvalidFunctionException("configuration." + path + " of function '" + functionId
                    + "' must be a number that a double can hold, was one beyond it");
        }
        if (value instanceof Number number) {
            return asJsonHasIt(number);
        }
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, member) ->
                    copy.put(String.valueOf(name), copy(functionId, path + "." + name, member, depth + 1)));
            return Collections.unmodifiableMap(copy);
        }
        if (value instanceof Collection<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            list.forEach(element -> copy.add(copy(functionId, path + "[" + copy.size() + "]", element, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        throw new InvalidFunctionException("configuration." + path + " of function '" + functionId
                + "' must be a string, number, boolean, null, list or map, was a "
                + value.getClass().getName());
    }

    /**
     * The number as it comes back from JSON: a whole one as the smallest of {@code Integer}, {@code Long} and {@code BigInteger}
     * that holds it, another as a {@code Double}. A definition then equals the one that a store read.
     */
    private static Number asJsonHasIt(Number number) {
        if (number instanceof Integer || number instanceof Double) {
            return number;
        }
        BigDecimal exact = new BigDecimal(number.toString());
        if (number instanceof Float || exact.scale() > 0) {
            return exact.doubleValue();
        }
        BigInteger whole = exact.toBigIntegerExact();
        if (whole.bitLength() < Integer.SIZE) {
            return whole.intValue();
        }
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionDefinition that
                && functionId.equals(that.functionId)
                && type.equals(that.type)
                && configuration.equals(that.configuration)
                && metadata.equals(that.metadata)
                && emits.equals(that.emits);
    }

    @Override
    public int hashCode() {
        return Objects.hash(functionId, type, configuration, metadata, emits);
    }

    /** Names the function and what is configured; never the configured values, which may be secret. */
    @Override
    public String toString() {
        return "FunctionDefinition[functionId=" + functionId + ", type=" + type + ", configuration="
                + configuration.keySet() + ", metadata=" + metadata + "]";
    }
}
