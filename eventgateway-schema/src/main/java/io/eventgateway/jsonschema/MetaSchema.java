package io.eventgateway.jsonschema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What a schema must be itself: the meta-schemas of the dialects. */
final class MetaSchema {
    private static final int MOST_ERRORS = 20;

    private MetaSchema() {}

    /** The compiled meta-schemas, made when the first schema is checked. */
    private static final class Holder {
        private static final Map<DialectName, CompiledSchema> COMPILED = new EnumMap<>(DialectName.class);

        static {
            for (DialectName dialect : DialectName.values()) {
                Schema schema = SchemaRegistries.of(dialect, new SchemaDocuments(null), new Patterns())
                        .getSchema(SchemaLocation.of(dialect.address()));
                schema.initializeValidators();
                COMPILED.put(dialect, new CompiledSchema(schema));
            }
        }
    }

    /**
     * Checks that a document is a schema.
     *
     * @param name what it is, for messages
     * @return its dialect
     * @throws InvalidEventTypeException if it is none, which says everything that is wrong with it
     */
    static DialectName check(String name, JsonNode document) {
        DialectName dialect = DialectName.of(name, document);
        CompiledSchema compiled = Holder.COMPILED.get(dialect);
        List<Violation> violations = compiled == null ? List.of() : compiled.validate(document, MOST_ERRORS);
        if (!violations.isEmpty()) {
            throw new InvalidEventTypeException(name + " is no valid JSON Schema (" + dialect.address() + "): "
                    + violations.stream().map(MetaSchema::told).collect(Collectors.joining("; ")));
        }
        return dialect;
    }

    /** A violation in a schema, which is no data of events, so that what was found is told too. */
    private static String told(Violation violation) {
        return (violation.pointer().isEmpty() ? "the schema" : violation.pointer()) + " must be " + violation.wanted()
                + ", was " + violation.found();
    }
}
