package io.eventgateway.jsonschema;

import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import io.eventgateway.error.InvalidEventTypeException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the schemas of classes, as Jackson's shared mapper writes their instances. Members are in the order of the alphabet, so that a
 * class has the same schema in every process. Stateless.
 */
final class ClassSchemas {
    private ClassSchemas() {}

    /**
     * The schema of a class.
     *
     * @throws InvalidEventTypeException if it has none
     */
    static String of(Class<?> type) {
        if (type == void.class || type == Void.class) {
            throw new InvalidEventTypeException("class " + type.getName() + " has no JSON Schema: it has no values");
        }
        try {
            String schema = generator(JsonMapper.shared()).generateSchema(type).toString();
            CompiledSchema.of(schema, address -> null);
            return schema;
        } catch (InvalidEventTypeException e) {
            throw e;
        } catch (RuntimeException
                | LinkageError
                | StackOverflowError e) { // what Jackson and the generator throw of a class
            throw new InvalidEventTypeException(
                    "the JSON Schema of class " + type.getName() + " can't be written: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
    }

    private static SchemaGenerator generator(JsonMapper mapper) {
        SchemaGeneratorConfigBuilder builder = new SchemaGeneratorConfigBuilder(
                        mapper, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(
                        Option.GETTER_METHODS,
                        Option.NONSTATIC_NONVOID_NONGETTER_METHODS,
                        Option.FIELDS_DERIVED_FROM_ARGUMENTFREE_METHODS,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.PLAIN_DEFINITION_KEYS)
                .without(
                        Option.VALUES_FROM_CONSTANT_FIELDS,
                        Option.FLATTENED_ENUMS,
                        Option.STANDARD_FORMATS,
                        Option.ADDITIONAL_FIXED_TYPES,
                        Option.FLATTENED_SUPPLIERS);
        JacksonForms forms = new JacksonForms(mapper);
        JacksonMembers members = new JacksonMembers(mapper);
        builder.forTypesInGeneral().withCustomDefinitionProvider(forms);
        members.applyTo(builder.forFields());
        members.applyTo(builder.forMethods());
        builder.with(new JacksonSchemaModule(JacksonOption.ALWAYS_REF_SUBTYPES));
        builder.forTypesInGeneral().withSubtypeResolver(new SealedSubtypes());
        return new SchemaGenerator(builder.build());
    }
}
