package io.eventgateway.schema;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path into an event that filters, transforms and keys may use.
 *
 * @param path such as {@code data.order.total}; {@code []} stands for the elements of an array
 * @param types the types of JSON Schema that are there; empty when nothing is known
 * @param isRequired whether every event of the type has it
 * @param values all values that it can have, as JSON; empty when there are others
 * @param examples values that it may have, as JSON
 * @param description what it means, for people; null when it is not said
 */
public record Field(
        String path,
        Set<String> types,
        boolean isRequired,
        List<String> values,
        List<String> examples,
        @Nullable String description) {
    /** Copies the collections. */
    public Field {
        Objects.requireNonNull(path, "path");
        types = Set.copyOf(types);
        values = List.copyOf(values);
        examples = List.copyOf(examples);
    }
}
