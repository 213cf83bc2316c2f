package io.eventgateway.internal.schema;

import io.eventgateway.schema.SchemaDifference;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Compares two schemas of a type: whether what has the one has the other. What can't be decided breaks both ways, by name. A member
 * that a schema does not name is taken for one that its events do not have, so a new optional member breaks nothing.
 */
public final class SchemaComparison {
    private static final int MOST = 1_000;
    private static final JsonNode ANYTHING = JsonNodeFactory.instance.objectNode();
    /** Keywords that say nothing of what is valid. */
    private static final Set<String> NOTES = Set.of(
            "$schema",
            "$id",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly");

    private static final Set<String> LEAST =
            Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final Set<String> MOST_ALLOWED =
            Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final Set<String> RULES = Set.of("pattern", "format", "multipleOf", "uniqueItems");

    private record Pair(JsonNode before, JsonNode after) {}

    private final JsonNode oldRoot;
    private final JsonNode newRoot;
    private final Set<Pair> compared = new HashSet<>();
    private final List<SchemaDifference> found = new ArrayList<>();

    private SchemaComparison(JsonNode oldRoot, JsonNode newRoot) {
        this.oldRoot = oldRoot;
        this.newRoot = newRoot;
    }

    /** The differences between two schemas; empty when they say the same. */
    public static List<SchemaDifference> between(JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return List.of();
        }
        SchemaComparison comparison = new SchemaComparison(before, after);
        comparison.compare("", before, after, 0);
        return List.copyOf(comparison.found);
    }

    private void add(String pointer, String description, boolean isBackward, boolean isForward) {
        if (found.size() < MOST) {
            found.add(new SchemaDifference(pointer, description, isBackward, isForward));
        }
    }

    private void compare(String pointer, JsonNode given, JsonNode givenAfter, int depth) {
        if (depth > 200) {
            add(pointer, "is nested too deep to be compared", false, false);
            return;
        }
        JsonNode before = resolved(oldRoot, given);
        JsonNode after = resolved(newRoot, givenAfter);
        if (before == null || after == null) {
            if (!given.equals(givenAfter) || !hasSameTarget(given)) {
                add(pointer, "refers to what is not compared", false, false);
            }
            return;
        }
        if (!before.isObject() || !after.isObject()) { // false: nothing can be here
            if (before.isObject() != after.isObject()) {
                boolean isClosed = before.isObject();
                add(pointer, isClosed ? "can't be there any more" : "may be there now", !isClosed, isClosed);
            }
            return;
        }
        if (!compared.add(new Pair(before, after))) {
            return; // a schema that refers to itself
        }
        types(pointer, before, after);
        values(pointer, before, after);
        bounds(pointer, before, after);
        members(pointer, before, after, depth);
        if (before.has("items") || after.has("items")) {
            JsonNode items = before.path("items").isMissingNode() ? ANYTHING : before.get("items");
            JsonNode itemsAfter = after.path("items").isMissingNode() ? ANYTHING : after.get("items");
            if (items.isArray() || itemsAfter.isArray()) {
                opaque(pointer, "items", before, after);
            } else {
                compare(pointer + "/*", items, itemsAfter, depth + 1);
            }
        }
        Set<String> keywords = new TreeSet<>(before.propertyNames());
        keywords.addAll(after.propertyNames());
        keywords.removeAll(NOTES);
        keywords.removeAll(LEAST);
        keywords.removeAll(MOST_ALLOWED);
        keywords.removeAll(RULES);
        keywords.removeAll(Set.of("type", "enum", "const", "properties", "required", "additionalProperties", "items"));
        keywords.forEach(keyword -> opaque(pointer, keyword, before, after));
    }

    /** The schema that a part stands for; null where that is elsewhere. {@code true} is an empty schema. */
    private static @Nullable JsonNode resolved(JsonNode root, JsonNode part) {
        JsonNode at = part;
        for (int steps = 0; at.isObject() && at.path("$ref").isString(); steps++) {
            String reference = at.get("$ref").stringValue();
            boolean isAlone =
                    at.propertyStream().allMatch(each -> each.getKey().equals("$ref") || NOTES.contains(each.getKey()));
            boolean isLocal = reference.equals("#") || (reference.startsWith("#/") && reference.indexOf('%') < 0);
            if (steps > 50 || !isAlone || !isLocal) {
                return null;
            }
            at = root.at(reference.substring(1));
            if (at.isMissingNode()) {
                return null;
            }
        }
        return at.isBoolean() && at.booleanValue() ? ANYTHING : at;
    }

    /** What is not compared must be the same, and refer to nothing that may have changed. */
    private void opaque(String pointer, String keyword, JsonNode before, JsonNode after) {
        JsonNode was = before.path(keyword);
        JsonNode is = after.path(keyword);
        boolean mayRefer = keyword.startsWith("$") || refers(was, 0);
        boolean isSame = was.equals(is) && (!mayRefer || hasSameDefinitions());
        if (!isSame) {
            add(pointer, "differs in " + keyword + ", which is not compared", false, false);
        }
    }

    /** Returns whether a reference that is written alike in both schemas is known to lead to the same. */
    private boolean hasSameTarget(JsonNode part) {
        String reference = part.path("$ref").asString("");
        if (part.has("$dynamicRef")) {
            return false;
        }
        if (reference.startsWith("#/$defs/") || reference.startsWith("#/definitions/")) {
            return hasSameDefinitions();
        }
        return reference.contains("://") && !isWithin(oldRoot, reference) && !isWithin(newRoot, reference);
    }

    /** Returns whether an absolute reference may lead into the document itself. */
    private static boolean isWithin(JsonNode root, String reference) {
        String id = root.path("$id").asString("");
        return !id.isEmpty() && reference.startsWith(id.replaceFirst("#.*", ""));
    }

    private boolean hasSameDefinitions() {
        return oldRoot.path("$defs").equals(newRoot.path("$defs"))
                && oldRoot.path("definitions").equals(newRoot.path("definitions"));
    }

    private static boolean refers(JsonNode node, int depth) {
        return depth > 200
                || (node.isObject() && (node.has("$ref") || node.has("$dynamicRef")))
                || node.valueStream().anyMatch(below -> below.isContainer() && refers(below, depth + 1));
    }

    private void types(String pointer, JsonNode before, JsonNode after) {
        Set<String> was = types(before);
        Set<String> is = types(after);
        if (was.equals(is)) {
            return;
        }
        if (was.isEmpty() || is.isEmpty()) {
            add(
                    pointer,
                    was.isEmpty() ? "must be of type " + String.join(" or ", is) + " now" : "may be of any type now",
                    is.isEmpty(),
                    was.isEmpty());
            return;
        }
        boolean isBackward = was.stream().allMatch(type -> covers(is, type));
        boolean isForward = is.stream().allMatch(type -> covers(was, type));
        add(
                pointer,
                "is of type " + String.join(" or ", is) + " now, was of type " + String.join(" or ", was),
                isBackward,
                isForward);
    }

    private static boolean covers(Set<String> types, String type) {
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    private static Set<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        Set<String> types = new TreeSet<>();
        if (type.isString()) {
            types.add(type.stringValue());
        }
        type.valueStream().forEach(each -> types.add(each.asString("")));
        return types;
    }

    private void values(String pointer, JsonNode before, JsonNode after) {
        Set<String> was = values(before);
        Set<String> is = values(after);
        if (was == null || is == null) {
            if (was != is) {
                add(
                        pointer,
                        was == null ? "must be one of some values now" : "may be any value now",
                        is == null,
                        was == null);
            }
            return;
        }
        Set<String> gone = new LinkedHashSet<>(was);
        gone.removeAll(is);
        Set<String> more = new LinkedHashSet<>(is);
        more.removeAll(was);
        if (!gone.isEmpty()) {
            add(pointer, "can't be " + String.join(", ", gone) + " any more", false, true);
        }
        if (!more.isEmpty()) {
            add(pointer, "may be " + String.join(", ", more) + " now", true, false);
        }
    }

    private static @Nullable Set<String> values(JsonNode schema) {
        JsonNode list = schema.path("enum");
        if (!list.isArray() && !schema.has("const")) {
            return null;
        }
        Set<String> values = new LinkedHashSet<>();
        list.forEach(value -> values.add(value.toString()));
        if (schema.has("const")) {
            String constant = schema.get("const").toString();
            values.removeIf(value -> !value.equals(constant));
            if (!list.isArray()) {
                values.add(constant);
            }
        }
        return values;
    }

    private void bounds(String pointer, JsonNode before, JsonNode after) {
        LEAST.forEach(keyword -> bound(pointer, keyword, before, after, 1));
        MOST_ALLOWED.forEach(keyword -> bound(pointer, keyword, before, after, -1));
        for (String keyword : RULES) {
            boolean was = before.has(keyword);
            boolean is = after.has(keyword);
            if (!before.path(keyword).equals(after.path(keyword))) {
                String how = was && is ? " is another now" : is ? " is wanted now" : " is not wanted any more";
                add(pointer, keyword + how, !is, !was);
            }
        }
    }

    /** A bound, of which a tighter one leaves out what was allowed. */
    private void bound(String pointer, String keyword, JsonNode before, JsonNode after, int tighter) {
        BigDecimal was = number(before.path(keyword));
        BigDecimal is = number(after.path(keyword));
        int compared = was == null || is == null ? 0 : is.compareTo(was) * tighter;
        if (was == null && is != null) {
            compared = 1;
        } else if (was != null && is == null) {
            compared = -1;
        }
        if (compared != 0) {
            String now = is == null ? "has no " + keyword + " any more" : "has " + keyword + " " + is + " now";
            add(pointer, was == null ? now : now + ", was " + was, compared < 0, compared > 0);
        }
    }

    private static @Nullable BigDecimal number(JsonNode node) {
        return node.isNumber() ? node.decimalValue() : null;
    }

    private void members(String pointer, JsonNode before, JsonNode after, int depth) {
        Set<String> wasRequired = required(before);
        Set<String> isRequired = required(after);
        for (String name : isRequired) {
            if (!wasRequired.contains(name)) {
                add(pointer + "/" + escaped(name), "is required now", false, true);
            }
        }
        for (String name : wasRequired) {
            if (!isRequired.contains(name)) {
                add(pointer + "/" + escaped(name), "is not required any more", true, false);
            }
        }
        JsonNode was = before.path("properties");
        JsonNode is = after.path("properties");
        Set<String> names = new LinkedHashSet<>(was.propertyNames());
        names.addAll(is.propertyNames());
        for (String name : names) {
            String at = pointer + "/" + escaped(name);
            if (was.has(name) && is.has(name)) {
                compare(at, was.get(name), is.get(name), depth + 1);
            } else if (is.has(name)) {
                add(at, "is new", true, !isClosed(before, name));
            } else {
                add(at, "is gone", !isClosed(after, name), true);
            }
        }
        JsonNode others =
                before.path("additionalProperties").isMissingNode() ? ANYTHING : before.get("additionalProperties");
        JsonNode othersAfter =
                after.path("additionalProperties").isMissingNode() ? ANYTHING : after.get("additionalProperties");
        if (before.has("patternProperties") || after.has("patternProperties")) {
            opaque(pointer, "additionalProperties", before, after);
        } else if (!others.equals(othersAfter) || refers(others, 0)) {
            int size = found.size();
            compare(pointer, others, othersAfter, depth + 1);
            for (int i = size; i < found.size(); i++) {
                SchemaDifference each = found.get(i);
                found.set(
                        i,
                        new SchemaDifference(
                                each.pointer(),
                                "in members that are not named: " + each.description(),
                                each.isBackward(),
                                each.isForward()));
            }
        }
    }

    /** Returns whether a schema that does not name a member refuses it. */
    private static boolean isClosed(JsonNode schema, String name) {
        JsonNode others = schema.path("additionalProperties");
        boolean isOpen = others.isMissingNode() || (others.isBoolean() && others.booleanValue());
        return !isOpen || schema.has("patternProperties") || schema.has("unevaluatedProperties") || name.isEmpty();
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> names = new LinkedHashSet<>();
        schema.path("required").forEach(name -> names.add(name.asString("")));
        return names;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
