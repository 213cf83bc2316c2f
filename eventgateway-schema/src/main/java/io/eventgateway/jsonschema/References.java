package io.eventgateway.jsonschema;

import io.eventgateway.error.InvalidEventTypeException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** The references within a schema's own document. Confined to the thread that compiles the schema. */
final class References {
    private final JsonNode document;
    private final Set<String> anchors = new HashSet<>();
    private final Set<String> missing = new TreeSet<>();

    private References(JsonNode document) {
        this.document = document;
    }

    /**
     * Checks that references within a document point somewhere. References to other documents, and those of documents within the document,
     * are followed by the library.
     *
     * @throws InvalidEventTypeException if some don't
     */
    static void check(JsonNode document) {
        References references = new References(document);
        references.collectAnchors(document);
        references.follow(document);
        if (!references.missing.isEmpty()) {
            throw new InvalidEventTypeException(
                    "the schema refers to " + references.missing + ", which it does not have");
        }
    }

    private void collectAnchors(JsonNode node) {
        addAnchor(node.get("$anchor"), "#");
        addAnchor(node.get("$dynamicAnchor"), "#");
        addAnchor(node.get("$id"), ""); // of draft 7
        node.forEach(this::collectAnchors);
    }

    private void addAnchor(@Nullable JsonNode anchor, String prefix) {
        if (anchor != null && anchor.isString()) {
            anchors.add(prefix + anchor.stringValue());
        }
    }

    private void follow(JsonNode node) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString() && !exists(reference.stringValue())) {
            missing.add(Cut.to(reference.stringValue(), Cut.SHORT));
        }
        for (JsonNode below : node) {
            if (!below.has("$id")) { // else it is a document within the document, whose references are its own
                follow(below);
            }
        }
    }

    private boolean exists(String reference) {
        if (!reference.startsWith("#") || reference.length() == 1) {
            return true;
        }
        if (!reference.startsWith("#/")) {
            return anchors.contains(reference);
        }
        try {
            String pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            return !document.at(JsonPointer.compile(pointer)).isMissingNode();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
