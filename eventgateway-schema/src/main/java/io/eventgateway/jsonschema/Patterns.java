package io.eventgateway.jsonschema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import io.eventgateway.error.InvalidEventTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the regular expressions of a schema, and keeps the first that can't be: the library would log it as an error of the
 * application. Confined to the thread that compiles the schema.
 */
final class Patterns implements RegularExpressionFactory {
    private @Nullable InvalidEventTypeException failure;

    @Override
    public RegularExpression getRegularExpression(String regex) {
        try {
            return new BoundedRegex(regex);
        } catch (InvalidEventTypeException e) {
            if (failure == null) {
                failure = e;
            }
            return value -> false; // of a schema that is refused
        }
    }

    /**
     * Checks that all regular expressions were compiled.
     *
     * @throws InvalidEventTypeException if one could not be
     */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }
}
