package io.eventgateway.jsonschema;

import io.eventgateway.error.InvalidEventTypeException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Finds schemas that refer to themselves at the same place of the data, which no data ends: JSON Schema Core, section 9.4.1. Confined
 * to the thread that compiles the schema.
 */
final class EndlessReferences {
    /** Keywords whose schemas are about the same place of the data. */
    private static final List<String> ONE = List.of("not", "if", "then", "else");

    private static final List<String> SOME = List.of("allOf", "anyOf", "oneOf");

    private final JsonNode document;
    /** False while what a schema leads to is being looked at, true when it was. */
    private final IdentityHashMap<JsonNode, Boolean> seen = new IdentityHashMap<>();

    private boolean isUnevaluated;

    private EndlessReferences(JsonNode document) {
        this.document = document;
    }

    /**
     * Checks that every reference of a document's own gets to an end.
     *
     * @throws InvalidEventTypeException if one does not
     */
    static void check(JsonNode document) {
        EndlessReferences references = new EndlessReferences(document);
        references.everywhere(document);
        if (references.isUnevaluated && new EndlessReferences(document).returns(document)) {
            throw new InvalidEventTypeException(
                    "the schema refers to itself and has unevaluatedProperties or"
                            + " unevaluatedItems, whose checks could take without end; use additionalProperties or items there");
        }
    }

    /** Returns whether some schema leads back to itself, be it for other data. References by name are taken to. */
    private boolean returns(JsonNode node) {
        Boolean ended = seen.get(node);
        if (ended != null) {
            return !ended;
        }
        seen.put(node, false);
        if (node.has("$dynamicRef")
                || (node.isObject() && mayReturn(node.path("$ref").asString("")))) {
            return true;
        }
        for (JsonNode below : node) {
            if (below.isContainer() && returns(below)) {
                return true;
            }
        }
        seen.put(node, true);
        return false;
    }

    private boolean mayReturn(String reference) {
        if (reference.isEmpty() || (!reference.startsWith("#") && reference.contains("://"))) {
            return false;
        }
        boolean isPointer = reference.startsWith("#/") && reference.indexOf('%') < 0;
        return !isPointer || returns(document.at(JsonPointer.compile(reference.substring(1))));
    }

    private void everywhere(JsonNode node) {
        if (node.isObject()) {
            follow(node);
            isUnevaluated |= node.has("unevaluatedProperties") || node.has("unevaluatedItems");
        }
        node.forEach(this::everywhere);
    }

    private void follow(JsonNode schema) {
        Boolean ended = seen.get(schema);
        if (ended != null) {
            if (!ended) {
                throw new InvalidEventTypeException("the schema refers to itself without going into the data: "
                        + Cut.to(schema.path("$ref").asString("a reference"), Cut.SHORT)
                        + "; a schema that refers to itself must do so for a member or an element");
            }
            return;
        }
        seen.put(schema, false);
        for (JsonNode next : atTheSamePlace(schema)) {
            if (next.isObject()) {
                follow(next);
            }
        }
        seen.put(schema, true);
    }

    private List<JsonNode> atTheSamePlace(JsonNode schema) {
        List<JsonNode> next = new ArrayList<>();
        ONE.forEach(keyword -> next.add(schema.path(keyword)));
        SOME.forEach(keyword -> schema.path(keyword).forEach(next::add));
        schema.path("dependentSchemas").forEach(next::add);
        String reference = schema.path("$ref").asString("");
        if (reference.equals("#")) {
            next.add(document);
        } else if (reference.startsWith("#/") && reference.indexOf('%') < 0) {
            next.add(document.at(JsonPointer.compile(reference.substring(1))));
        }
        return next;
    }
}
