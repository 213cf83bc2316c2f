package io.eventgateway.jsonschema;

import com.networknt.schema.Error;
import io.eventgateway.schema.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says of what the library finds where it is, what would be accepted, and what is there. Stateless. */
final class Violations {
    /** Members or elements of what is shown whole, and not counted. */
    private static final int SMALL = 5;

    private Violations() {}

    /** The first of the errors that were found, without those that say the same. */
    static List<Violation> of(List<Error> errors, int atMost) {
        Set<Violation> violations = new LinkedHashSet<>();
        for (Error error : errors) {
            if (violations.size() == atMost) {
                break;
            }
            violations.add(of(error));
        }
        return List.copyOf(violations);
    }

    /** The violation of data that takes more to validate than it may. */
    static Violation beyondEffort() {
        return new Violation(
                "",
                "effort",
                "data with less nesting, and for fewer references, combinations and regular expressions than a check looks at",
                "more");
    }

    private static Violation of(Error error) {
        String keyword = error.getKeyword() == null ? "false" : error.getKeyword();
        String pointer = error.getInstanceLocation() == null
                ? ""
                : error.getInstanceLocation().toString();
        String property = error.getProperty();
        JsonNode found = error.getInstanceNode();
        if (property != null && isOfMembers(keyword)) {
            pointer = pointer + "/" + property.replace("~", "~0").replace("/", "~1");
            found = found == null ? null : found.get(property);
        }
        return new Violation(
                Cut.to(pointer, Cut.LONG),
                keyword,
                wanted(keyword, error.getSchemaNode()),
                found == null ? "nothing" : found(found));
    }

    /** Returns whether a keyword is about a member that has its own place in the data, or would have it. */
    private static boolean isOfMembers(String keyword) {
        return switch (keyword) {
            case "required", "additionalProperties", "unevaluatedProperties", "dependentRequired" -> true;
            default -> false;
        };
    }

    private static String found(JsonNode value) {
        if (value.isContainer()) {
            String kind = value.isArray() ? "an array of " + value.size() : "an object of " + value.size();
            return value.size() > SMALL ? kind : Cut.to(value.toString(), Cut.SHORT);
        }
        return value.isString()
                ? '"' + Cut.to(value.stringValue(), Cut.SHORT - 2) + '"'
                : Cut.to(value.toString(), Cut.SHORT);
    }

    private static String wanted(String keyword, @Nullable JsonNode schema) {
        String value = schema == null ? "" : Cut.to(schema.toString(), Cut.LONG);
        return switch (keyword) {
            case "type" -> "of type " + types(schema);
            case "required", "dependentRequired" -> "a value, since the member is required";
            case "additionalProperties", "unevaluatedProperties" -> "left out, since the schema has no such member";
            case "enum" -> "one of " + value;
            case "const" -> value;
            case "minimum" -> "a number of at least " + value;
            case "maximum" -> "a number of at most " + value;
            case "exclusiveMinimum" -> "a number greater than " + value;
            case "exclusiveMaximum" -> "a number less than " + value;
            case "multipleOf" -> "a multiple of " + value;
            case "minLength" -> "text of at least " + value + " characters";
            case "maxLength" -> "text of at most " + value + " characters";
            case "pattern" -> "text that matches " + value;
            case "format" -> "text of the format " + value;
            case "minItems" -> "an array of at least " + value + " elements";
            case "maxItems" -> "an array of at most " + value + " elements";
            case "uniqueItems" -> "an array without equal elements";
            case "minProperties" -> "an object of at least " + value + " members";
            case "maxProperties" -> "an object of at most " + value + " members";
            case "contains", "minContains", "maxContains" -> "an array with the elements that the schema asks for";
            case "oneOf" -> "as exactly one of the schema's alternatives says";
            case "anyOf" -> "as one of the schema's alternatives says";
            case "not" -> "other than what the schema excludes";
            case "false" -> "left out, since the schema accepts no value here";
            default -> "as '" + keyword + "' of the schema says";
        };
    }

    private static String types(@Nullable JsonNode schema) {
        if (schema == null) {
            return "that the schema has";
        }
        if (!schema.isArray()) {
            return schema.asString();
        }
        List<String> types = new ArrayList<>();
        schema.forEach(type -> types.add(type.asString()));
        return String.join(" or ", types);
    }
}
