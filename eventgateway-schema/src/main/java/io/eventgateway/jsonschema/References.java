package io.eventgateway.jsonschema;

import io.eventgateway.error.InvalidEventTypeException;
import java.util.TreeSet;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** The references within a schema's own document. Stateless. */
final class References {
    private References() {}

    /**
     * Checks that the pointers of a document that has one base point somewhere; the others are found by the library.
     *
     * @throws InvalidEventTypeException if some don't
     */
    static void check(JsonNode document) {
        TreeSet<String> missing = new TreeSet<>();
        collect(document, document, missing, true);
        if (!missing.isEmpty()) {
            throw new InvalidEventTypeException(
                    "the schema refers to " + missing + ", which it does not have");
        }
    }

    private static void collect(JsonNode document, JsonNode node, TreeSet<String> missing, boolean isRoot) {
        if (node.isObject() && !isRoot && node.has("$id")) {
            return; // a document within the document, whose references are its own
        }
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString() && !exists(document, reference.stringValue())) {
            missing.add(Cut.to(reference.stringValue(), Cut.SHORT));
        }
        for (JsonNode below : node) {
            collect(document, below, missing, false);
        }
    }

    private static boolean exists(JsonNode document, String reference) {
        if (!reference.startsWith("#/")) {
            return true;
        }
        try {
            String pointer = java.net.URLDecoder.decode(
                    reference.substring(1).replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
            return !document.at(JsonPointer.compile(pointer)).isMissingNode();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
