package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.annotation.CanIgnoreReturnValue;
import io.eventgateway.annotation.CheckReturnValue;
import io.eventgateway.annotation.EventType;
import io.eventgateway.error.InvalidEventException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.event.Attributes;
import io.eventgateway.internal.event.Metadata;
import io.eventgateway.internal.eventtype.AnnotatedClass;
import io.eventgateway.internal.eventtype.SchemaText;
import io.eventgateway.internal.json.ValueJson;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.spi.Registration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A registered event type: the schema of its data, and what people want to know of it. An immutable value.
 *
 * <p>The schema is a JSON Schema (dialect 2020-12, or draft 7 where {@code $schema} says so) of at most 1 MiB; descriptions, examples
 * and labels count for as much together.
 */
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public final class EventTypeDefinition implements Registration {
    private final String name;
    private final int version;
    private final @Nullable JsonNode schema;
    private final @Nullable String description;
    private final List<JsonNode> examples;
    private final @Nullable String owner;
    private final @Nullable LocalDate deprecatedSince;
    private final @Nullable Validation validation;
    private final @Nullable Compatibility compatibility;
    private final Map<String, String> metadata;

    private EventTypeDefinition(Builder builder) {
        this.name = builder.name;
        this.version = builder.version;
        this.schema = builder.schema;
        this.description = builder.description;
        this.examples = List.copyOf(builder.examples);
        this.owner = builder.owner;
        this.deprecatedSince = builder.deprecatedSince;
        this.validation = builder.validation;
        this.compatibility = builder.compatibility;
        this.metadata = Metadata.copy(builder.metadata, InvalidEventTypeException::new);
        SchemaText.checkSize(name, description, examples, metadata);
    }

    /**
     * A builder of the definition of a type.
     *
     * @throws InvalidEventTypeException if the name is no type that events can have, or a pattern
     */
    public static Builder of(String name) {
        return new Builder(name);
    }

    /**
     * The definition of the type that a class with {@link EventType} is the data of, with a schema that is written from the class as
     * Jackson writes its instances.
     *
     * @throws InvalidEventTypeException if the class has no such annotation, or there is no {@link
     *     io.eventgateway.spi.SchemaProvider}, which {@code eventgateway-schema} has
     */
    public static EventTypeDefinition of(Class<?> annotated) {
        AnnotatedClass type = AnnotatedClass.of(annotated);
        return of(type.eventType())
                .version(type.version())
                .schema(SchemaText.of(annotated))
                .build();
    }

    /**
     * A definition from its JSON form.
     *
     * @throws InvalidEventTypeException if it is not one
     */
    public static EventTypeDefinition fromJson(String json) {
        return ValueJson.read("an event type", json, EventTypeDefinition.class, InvalidEventTypeException::new);
    }

    @JsonCreator
    static EventTypeDefinition fromJson(
            @JsonProperty("name") @Nullable String name,
            @JsonProperty("version") @Nullable Integer version,
            @JsonProperty("schema") @Nullable JsonNode schema,
            @JsonProperty("description") @Nullable String description,
            @JsonProperty("examples") @Nullable List<JsonNode> examples,
            @JsonProperty("owner") @Nullable String owner,
            @JsonProperty("deprecatedSince") @Nullable String deprecatedSince,
            @JsonProperty("validation") @Nullable Validation validation,
            @JsonProperty("compatibility") @Nullable Compatibility compatibility,
            @JsonProperty("metadata") @Nullable Map<String, String> metadata) {
        Builder builder = new Builder(name);
        builder.version(version == null ? 1 : version);
        builder.schema = schema == null ? null : SchemaText.checked(builder.name, schema);
        builder.description = description;
        builder.examples.addAll(examples == null ? List.of() : examples);
        builder.owner = owner;
        builder.deprecatedSince = deprecatedSince == null ? null : date(builder.name, deprecatedSince);
        builder.validation = validation;
        builder.compatibility = compatibility;
        builder.metadata = metadata == null ? Map.of() : metadata;
        return builder.build();
    }

    private static LocalDate date(String name, String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidEventTypeException(
                    "deprecatedSince of event type '" + name + "' must be a date such as 2026-12-01, was '" + text
                            + "'",
                    e);
        }
    }

    @Override
    public String toJson() {
        return ValueJson.write(this);
    }

    /** The same as {@link #name()}. */
    @Override
    public String id() {
        return name;
    }

    /** The type that events have, unique in the space. */
    @JsonProperty
    public String name() {
        return name;
    }

    /** The version of the data, 1 and more. */
    @JsonProperty
    public int version() {
        return version;
    }

    /** The JSON Schema of the data, as JSON; null when nothing is said of the data. */
    public @Nullable String schema() {
        return schema == null ? null : schema.toString();
    }

    @JsonProperty("schema")
    @Nullable JsonNode schemaTree() {
        return schema;
    }

    /** What the type means, for people; null when it is not said. */
    @JsonProperty
    public @Nullable String description() {
        return description;
    }

    /** Examples of the data, as JSON. Unmodifiable. */
    public List<String> examples() {
        return examples.stream().map(JsonNode::toString).toList();
    }

    @JsonProperty("examples")
    List<JsonNode> exampleTrees() {
        return examples;
    }

    /** Who answers for the type, for people; null when it is not said. */
    @JsonProperty
    public @Nullable String owner() {
        return owner;
    }

    /** The day since which the type is not to be used any more; null when it is in use. */
    public @Nullable LocalDate deprecatedSince() {
        return deprecatedSince;
    }

    @JsonProperty("deprecatedSince")
    @Nullable String deprecatedSinceText() {
        return deprecatedSince == null ? null : deprecatedSince.toString();
    }

    /** What becomes of an event whose data does not have the schema; null for what the space's {@link EventTypePolicy} says. */
    @JsonProperty
    public @Nullable Validation validation() {
        return validation;
    }

    /** What a new schema must go on to say; null for what the space's {@link EventTypePolicy} says. */
    @JsonProperty
    public @Nullable Compatibility compatibility() {
        return compatibility;
    }

    /** Labels that the application gives. Unmodifiable. */
    @JsonProperty
    public Map<String, String> metadata() {
        return metadata;
    }

    /** A builder that begins with this definition. */
    public Builder toBuilder() {
        Builder builder = new Builder(name);
        builder.version = version;
        builder.schema = schema;
        builder.description = description;
        builder.examples.addAll(examples);
        builder.owner = owner;
        builder.deprecatedSince = deprecatedSince;
        builder.validation = validation;
        builder.compatibility = compatibility;
        builder.metadata = metadata;
        return builder;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventTypeDefinition that
                && name.equals(that.name)
                && version == that.version
                && Objects.equals(schema, that.schema)
                && Objects.equals(description, that.description)
                && examples.equals(that.examples)
                && Objects.equals(owner, that.owner)
                && Objects.equals(deprecatedSince, that.deprecatedSince)
                && validation == that.validation
                && compatibility == that.compatibility
                && metadata.equals(that.metadata);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, version, schema, description, owner, deprecatedSince, metadata);
    }

    /** Names the type and its version. */
    @Override
    public String toString() {
        return "EventTypeDefinition[name=" + name + ", version=" + version + (schema == null ? "" : ", with a schema")
                + "]";
    }

    /** Builds an {@link EventTypeDefinition}. Not thread-safe. */
    @CanIgnoreReturnValue
    public static final class Builder {
        private final String name;
        private int version = 1;
        private @Nullable JsonNode schema;
        private @Nullable String description;
        private final List<JsonNode> examples = new ArrayList<>();
        private @Nullable String owner;
        private @Nullable LocalDate deprecatedSince;
        private @Nullable Validation validation;
        private @Nullable Compatibility compatibility;
        private Map<String, String> metadata = Map.of();

        private Builder(@Nullable String name) {
            try {
                this.name = Attributes.type(name);
            } catch (InvalidEventException e) {
                throw new InvalidEventTypeException("the name of an event type: " + e.getMessage(), e);
            }
        }

        /**
         * The version of the data; 1 unless it is said.
         *
         * @throws InvalidEventTypeException if it is less than 1
         */
        public Builder version(int number) {
            if (number < 1) {
                throw new InvalidEventTypeException(
                        "the version of event type '" + name + "' must be 1 or more, was " + number);
            }
            this.version = number;
            return this;
        }

        /**
         * The JSON Schema of the data, as JSON.
         *
         * @throws InvalidEventTypeException if it is no JSON object, {@code true} or {@code false}, or more than 1 MiB
         */
        public Builder schema(String json) {
            this.schema = SchemaText.read(name, json);
            return this;
        }

        /** What the type means, for people. */
        public Builder description(String text) {
            this.description = Objects.requireNonNull(text, "text must not be null");
            return this;
        }

        /**
         * An example of the data, as JSON; each call adds one. It must have the schema when the type is registered.
         *
         * @throws InvalidEventTypeException if it is no JSON
         */
        public Builder example(String json) {
            this.examples.add(SchemaText.example(name, json));
            return this;
        }

        /** Who answers for the type, for people: a team, an address. */
        public Builder owner(String text) {
            this.owner = Objects.requireNonNull(text, "text must not be null");
            return this;
        }

        /** The day since which the type is not to be used any more. Events of it are accepted all the same. */
        public Builder deprecatedSince(LocalDate day) {
            this.deprecatedSince = Objects.requireNonNull(day, "day must not be null");
            return this;
        }

        /** What becomes of an event whose data does not have the schema; the space's policy decides unless it is said. */
        public Builder validation(Validation rule) {
            this.validation = Objects.requireNonNull(rule, "rule must not be null");
            return this;
        }

        /** What a new schema must go on to say; the space's policy decides unless it is said. */
        public Builder compatibility(Compatibility rule) {
            this.compatibility = Objects.requireNonNull(rule, "rule must not be null");
            return this;
        }

        /** Labels; they replace those that were given before. */
        public Builder metadata(Map<String, String> labels) {
            this.metadata = Map.copyOf(labels);
            return this;
        }

        /**
         * The definition.
         *
         * @throws InvalidEventTypeException if texts, examples and labels are more than 1 MiB together, or a label is not valid
         */
        @CheckReturnValue
        public EventTypeDefinition build() {
            return new EventTypeDefinition(this);
        }
    }
}
