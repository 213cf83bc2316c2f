package io.eventgateway.internal.schema;

import io.eventgateway.internal.schema.Values.Kind;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A whole event in CloudEvents' structured form, whose data a schema speaks of: what filters, transforms and keys look into. Immutable. */
public final class EventPlace implements Place {
    /** The member with the data. */
    public static final String DATA = "data";

    static final List<String> ATTRIBUTES =
            List.of("id", "source", "type", "subject", "time", "datacontenttype", "dataschema");
    /** Extensions that the gateway itself and CloudEvents' documented extensions give a meaning. */
    static final List<String> EXTENSIONS = List.of(
            "dataversion",
            "correlationid",
            "causationid",
            "chaindepth",
            "traceparent",
            "tracestate",
            "partitionkey",
            "sequence");

    private static final Set<String> ALWAYS = Set.of("id", "source", "type", "specversion");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");
    private static final Values OBJECT = Values.ANY.only(Kind.OBJECT);
    private static final Values EXTENSION = new Values.Builder()
            .kinds(Set.of(Kind.STRING, Kind.NUMBER, Kind.TRUE, Kind.FALSE))
            .wholeIf(true)
            .range(Numbers.from(BigDecimal.valueOf(Integer.MIN_VALUE), true)
                    .and(Numbers.upTo(BigDecimal.valueOf(Integer.MAX_VALUE), true)))
            .build();

    private final @Nullable String type;
    private final Place data;

    private EventPlace(@Nullable String type, Place data) {
        this.type = type;
        this.data = data;
    }

    /**
     * The events of a type.
     *
     * @param type null for any
     * @param schema of the data; null where nothing is known of it, or nothing can have it
     */
    public static EventPlace of(@Nullable String type, @Nullable JsonNode schema) {
        Place data = schema == null ? ANYTHING : JsonSchema.of(schema);
        return new EventPlace(type, data.values().isEmpty() ? ANYTHING : data);
    }

    @Override
    public Values values() {
        return OBJECT;
    }

    @Override
    public Place member(String name) {
        if (name.equals(DATA)) {
            return data;
        }
        if (name.equals("type") && type != null) {
            return new Scalar(Values.ofTexts(Set.of(type)));
        }
        if (name.equals("specversion")) {
            return new Scalar(Values.ofTexts(Set.of("1.0")));
        }
        if (ATTRIBUTES.contains(name) || name.equals("data_base64")) {
            return new Scalar(Values.STRINGS);
        }
        return NAME.matcher(name).matches() ? new Scalar(EXTENSION) : NOTHING;
    }

    @Override
    public boolean requires(String name) {
        return name.equals(DATA) ? !data.values().may(Kind.NULL) : ALWAYS.contains(name);
    }

    @Override
    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(ATTRIBUTES);
        names.addAll(EXTENSIONS);
        names.add(DATA);
        return names;
    }

    @Override
    public Place element(int index) {
        return NOTHING;
    }

    @Override
    public Place elements() {
        return NOTHING;
    }

    /** An attribute or an extension. */
    private record Scalar(Values values) implements Place {
        @Override
        public Place member(String name) {
            return NOTHING;
        }

        @Override
        public Place element(int index) {
            return NOTHING;
        }

        @Override
        public Place elements() {
            return NOTHING;
        }
    }
}
