package io.eventgateway.jsonschema;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.CustomDefinitionProviderV2;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonAnyFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonArrayFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonBooleanFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;
import tools.jackson.databind.jsonFormatVisitors.JsonIntegerFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNullFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonNumberFormatVisitor;
import tools.jackson.databind.jsonFormatVisitors.JsonStringFormatVisitor;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks Jackson what the values of a class are in JSON, where they are no objects: text, numbers, what {@code @JsonValue} gives, or
 * anything at all. Thread-safe.
 */
final class JacksonForms implements CustomDefinitionProviderV2 {
    private static final Map<Class<?>, String> FORMATS = Map.of(
            Instant.class, "date-time",
            OffsetDateTime.class, "date-time",
            ZonedDateTime.class, "date-time",
            Date.class, "date-time",
            Calendar.class, "date-time",
            LocalDate.class, "date",
            Duration.class, "duration",
            Period.class, "duration",
            UUID.class, "uuid");
    private static final Set<Class<?>> OPTIONAL_NUMBERS =
            Set.of(OptionalInt.class, OptionalLong.class, OptionalDouble.class);

    private final JsonMapper mapper;

    JacksonForms(JsonMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    @SuppressWarnings("NullAway") // null leaves the type to the library, which does not say so
    public @Nullable CustomDefinition provideCustomSchemaDefinition(
            ResolvedType type, SchemaGenerationContext context) {
        Class<?> erased = type.getErasedType();
        ObjectNode known = erased.isEnum() ? constants(erased, context) : known(erased, context);
        if (known != null) {
            return inline(known);
        }
        if (type.isArray() || isOfLibrary(erased)) {
            return null;
        }
        JavaType javaType = mapper.constructType(erased);
        AnnotatedMember value = JacksonMembers.describe(mapper, erased).findJsonValueAccessor();
        if (value != null) {
            return inline(
                    context.createDefinitionReference(context.getTypeContext().resolve(value.getRawType())));
        }
        Form form = new Form(context);
        mapper.acceptJsonFormatVisitor(javaType, form);
        ObjectNode found = form.found(erased);
        return found == null ? null : inline(found);
    }

    private ObjectNode constants(Class<?> type, SchemaGenerationContext context) {
        ObjectNode schema = object(context);
        ArrayNode values = schema.arrayNode();
        boolean isText = true;
        for (Object constant : type.getEnumConstants()) {
            JsonNode value = mapper.valueToTree(constant);
            isText &= value.isString();
            values.add(value);
        }
        if (isText) {
            schema.put("type", "string");
        }
        if (!values.isEmpty()) {
            schema.set("enum", values);
        }
        return schema;
    }

    private static @Nullable ObjectNode known(Class<?> type, SchemaGenerationContext context) {
        if (type == Object.class) {
            return object(context);
        }
        if (type == byte[].class) {
            return object(context).put("type", "string").put("contentEncoding", "base64");
        }
        if (type == char[].class) {
            return object(context).put("type", "string");
        }
        if (OPTIONAL_NUMBERS.contains(type)) {
            return nullable(object(context), type == OptionalDouble.class ? "number" : "integer");
        }
        return null;
    }

    private static ObjectNode nullable(ObjectNode schema, String type) {
        schema.putArray("type").add(type).add("null");
        return schema;
    }

    /** Returns whether the library writes a type, by its type arguments. */
    private static boolean isOfLibrary(Class<?> type) {
        return type == Optional.class || Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    }

    private static ObjectNode object(SchemaGenerationContext context) {
        return context.getGeneratorConfig().createObjectNode();
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(schema, DefinitionType.INLINE, AttributeInclusion.YES);
    }

    /** Takes note of what Jackson says first of a type. Confined to the thread that writes the schema. */
    private static final class Form extends JsonFormatVisitorWrapper.Base {
        private final SchemaGenerationContext context;
        private @Nullable String type;
        private boolean isAny;

        Form(SchemaGenerationContext context) {
            this.context = context;
        }

        /** The schema; null when a value is an object or an array. */
        @Nullable ObjectNode found(Class<?> erased) {
            if (isAny) {
                return object(context);
            }
            if (type == null) {
                return erased.getName().startsWith("java.")
                        ? object(context)
                        : null; // its members are nobody's business
            }
            ObjectNode schema = object(context).put("type", type);
            String format = FORMATS.get(Calendar.class.isAssignableFrom(erased) ? Calendar.class : erased);
            if (format != null && "string".equals(type)) {
                schema.put("format", format);
            }
            return schema;
        }

        @Override
        public JsonStringFormatVisitor expectStringFormat(JavaType of) {
            type = "string";
            return new JsonStringFormatVisitor.Base();
        }

        @Override
        public JsonNumberFormatVisitor expectNumberFormat(JavaType of) {
            type = "number";
            return new JsonNumberFormatVisitor.Base();
        }

        @Override
        public JsonIntegerFormatVisitor expectIntegerFormat(JavaType of) {
            type = "integer";
            return new JsonIntegerFormatVisitor.Base();
        }

        @Override
        public JsonBooleanFormatVisitor expectBooleanFormat(JavaType of) {
            type = "boolean";
            return new JsonBooleanFormatVisitor.Base();
        }

        @Override
        public JsonNullFormatVisitor expectNullFormat(JavaType of) {
            type = "null";
            return new JsonNullFormatVisitor.Base();
        }

        @Override
        public JsonAnyFormatVisitor expectAnyFormat(JavaType of) {
            isAny = true;
            return new JsonAnyFormatVisitor.Base();
        }

        @Override
        @SuppressWarnings("NullAway") // as the library does where nobody asks for elements
        public @Nullable JsonArrayFormatVisitor expectArrayFormat(JavaType of) {
            return null;
        }
    }
}
