package io.eventgateway.spi;

import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.schema.Violation;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What validates data by JSON Schemas, and writes the schemas of classes. Found by {@link java.util.ServiceLoader}; {@code
 * eventgateway-schema} has one. A gateway without one refuses event types that have a schema, unless their validation is OFF.
 *
 * <p>Thread-safe.
 */
public interface SchemaProvider {
    /** Compiled schemas, which data is validated by. Thread-safe. */
    @FunctionalInterface
    interface Validator {
        /**
         * Returns what of the data is not as the schema says; empty when all is.
         *
         * @param data not null
         * @param atMost how many violations are wanted, 1 and more
         */
        List<Violation> validate(JsonNode data, int atMost);
    }

    /** What gives the documents that schemas refer to. A gateway has none unless it is given one: nothing is ever fetched by itself. */
    @FunctionalInterface
    interface Resolver {
        /**
         * Returns the text of the schema at an address; null when there is none. It may block; it is asked when a type is
         * registered, and never for an event.
         */
        @Nullable String resolve(URI address);
    }

    /**
     * Compiles a schema of dialect 2020-12, or the one that its {@code $schema} names.
     *
     * @param schema the JSON of the schema
     * @throws InvalidEventTypeException if it is no valid schema, of an unknown dialect, or refers to what the resolver lacks
     */
    Validator compile(String schema, Resolver resolver);

    /**
     * Writes the schema of a class as Jackson would write its instances, as JSON.
     *
     * @throws InvalidEventTypeException if the class has none
     */
    String schemaOf(Class<?> type);
}
