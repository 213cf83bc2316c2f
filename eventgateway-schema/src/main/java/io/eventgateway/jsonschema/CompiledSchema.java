package io.eventgateway.jsonschema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.ValidationLimitExceededException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SchemaProvider;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** A schema that data is validated by, with all that it refers to. A validation has a bounded effort. Thread-safe. */
final class CompiledSchema implements SchemaProvider.Validator {
    private static final String NAME = "the schema";
    private static final String UNNAMED = "urn:eventgateway:schema";
    /** Keywords that are looked at in one validation, which take about a second. */
    private static final long MOST_STEPS = 5_000_000;
    /** The same where a schema asks what others have looked at, for which the library searches all that they have noted. */
    private static final long MOST_STEPS_OF_UNEVALUATED = 20_000;
    /** Schemas within schemas at a time, about three for each level of the data. */
    private static final int MOST_DEPTH = 1_000;

    private static final ExecutionConfig USUAL = config(MOST_STEPS);
    private static final ExecutionConfig OF_UNEVALUATED = config(MOST_STEPS_OF_UNEVALUATED);

    private final Schema schema;
    private final ExecutionConfig config;

    CompiledSchema(Schema schema) {
        this(schema, USUAL);
    }

    private CompiledSchema(Schema schema, ExecutionConfig config) {
        this.schema = schema;
        this.config = config;
    }

    private static ExecutionConfig config(long mostSteps) {
        return ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .annotationCollectionEnabled(false)
                .formatAssertionsEnabled(true)
                .maxEvaluationSteps(mostSteps)
                .maxEvaluationDepth(MOST_DEPTH)
                .build();
    }

    /**
     * Compiles a schema and what it refers to.
     *
     * @throws InvalidEventTypeException if it is no valid schema, of an unknown dialect, or refers to what is not there
     */
    static CompiledSchema of(String json, SchemaProvider.Resolver resolver) {
        JsonNode document = SchemaJson.read(NAME, json);
        DialectName dialect = MetaSchema.check(NAME, document);
        References.check(document);
        EndlessReferences.check(document);
        Patterns patterns = new Patterns();
        try {
            Schema schema = SchemaRegistries.of(dialect, new SchemaDocuments(resolver), patterns)
                    .getSchema(SchemaLocation.of(UNNAMED), document);
            schema.initializeValidators();
            patterns.check();
            boolean isUnevaluated = json.contains("unevaluated");
            return new CompiledSchema(schema, isUnevaluated ? OF_UNEVALUATED : USUAL);
        } catch (StackOverflowError e) {
            throw new InvalidEventTypeException(NAME + " is nested too deep", e);
        } catch (RuntimeException e) {
            throw invalid(e);
        }
    }

    private static InvalidEventTypeException invalid(RuntimeException thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            if (e instanceof InvalidEventTypeException ours) {
                return ours;
            }
        }
        return new InvalidEventTypeException(
                NAME + " can't be compiled: "
                        + (thrown instanceof SchemaException && thrown.getMessage() != null
                                ? Cut.to(thrown.getMessage(), Cut.LONG)
                                : thrown.getClass().getSimpleName()),
                thrown);
    }

    @Override
    public List<Violation> validate(JsonNode data, int atMost) {
        ExecutionContext context = new ExecutionContext(config);
        Effort.begin();
        try {
            schema.validate(context, data);
            List<Error> errors = context.getErrors();
            return errors.isEmpty() ? List.of() : Violations.of(errors, atMost);
        } catch (ValidationLimitExceededException | EffortExceeded | StackOverflowError e) {
            return List.of(Violations.beyondEffort());
        } finally {
            Effort.end();
        }
    }
}
