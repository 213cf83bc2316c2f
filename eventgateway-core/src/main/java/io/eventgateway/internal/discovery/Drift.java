package io.eventgateway.internal.discovery;

import io.eventgateway.schema.SchemaDifference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says where what was learned and a registered schema part. It looks at objects, arrays and types; where a schema chooses
 * ({@code anyOf}, {@code if}), it says nothing.
 */
public final class Drift {
    private static final int MOST = 1_000;
    private static final int MOST_REFERENCES = 32;
    private static final Set<String> CHOICES =
            Set.of("anyOf", "oneOf", "allOf", "not", "if", "$dynamicRef", "dependentSchemas", "unevaluatedProperties");

    private final JsonNode root;
    private final List<SchemaDifference> found = new ArrayList<>();

    private Drift(JsonNode root) {
        this.root = root;
    }

    /** The differences; empty when all that was seen has the schema, as far as it is looked at, and uses all of it. */
    public static List<SchemaDifference> between(JsonNode schema, LearnedValue learned) {
        Drift drift = new Drift(schema);
        drift.compare("", schema, learned);
        return List.copyOf(drift.found);
    }

    private void add(String pointer, String description, boolean isBackward, boolean isForward) {
        if (found.size() < MOST) {
            found.add(new SchemaDifference(pointer, description, isBackward, isForward));
        }
    }

    private void compare(String pointer, @Nullable JsonNode given, LearnedValue learned) {
        JsonNode schema = resolved(given);
        if (schema == null || !schema.isObject() || CHOICES.stream().anyMatch(schema::has)) {
            return;
        }
        compareTypes(pointer, schema, learned);
        compareMembers(pointer, schema, learned);
        LearnedValue elements = learned.elements();
        if (elements != null && !schema.has("prefixItems")) {
            compare(pointer + "/*", schema.get("items"), elements);
        }
    }

    private void compareTypes(String pointer, JsonNode schema, LearnedValue learned) {
        Set<String> declared = new LinkedHashSet<>();
        JsonNode type = schema.get("type");
        if (type == null) {
            return;
        }
        if (type.isString()) {
            declared.add(type.stringValue());
        } else {
            type.forEach(each -> declared.add(each.asString("")));
        }
        if (declared.contains("number")) {
            declared.add("integer");
        }
        for (String seen : learned.types()) {
            if (!declared.contains(seen)) {
                add(pointer, "was seen as " + seen + ", and the schema says " + declared, false, false);
            }
        }
    }

    private void compareMembers(String pointer, JsonNode schema, LearnedValue learned) {
        JsonNode properties = schema.get("properties");
        if (properties == null || !learned.types().contains("object")) {
            return;
        }
        Map<String, LearnedValue> seen = new TreeMap<>(learned.members());
        Set<String> required = new LinkedHashSet<>();
        JsonNode said = schema.get("required");
        if (said != null) {
            said.forEach(each -> required.add(each.asString("")));
        }
        seen.forEach((name, value) -> {
            String at = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            if (!properties.has(name)) {
                if (!schema.has("patternProperties")) {
                    boolean isRefused = schema.path("additionalProperties").isBoolean()
                            && !schema.path("additionalProperties").booleanValue();
                    add(at, "was seen, and the schema does not have it", !isRefused, true);
                }
                return;
            }
            if (required.contains(name) && !learned.isAlwaysThere(name)) {
                add(at, "was missing now and then, and the schema requires it", false, true);
            }
            compare(at, properties.get(name), value);
        });
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (!seen.containsKey(property.getKey()) && !learned.isOpen()) {
                String at = pointer + "/" + property.getKey().replace("~", "~0").replace("/", "~1");
                boolean isRequired = required.contains(property.getKey());
                add(at, "was never seen" + (isRequired ? ", and the schema requires it" : ""), !isRequired, true);
            }
        }
    }

    /** The schema that a local reference leads to; null where it leads nowhere. */
    private @Nullable JsonNode resolved(@Nullable JsonNode given) {
        JsonNode at = given;
        for (int i = 0; at != null && i < MOST_REFERENCES; i++) {
            JsonNode reference = at.get("$ref");
            if (reference == null) {
                return at;
            }
            String text = reference.asString("");
            if (!text.equals("#") && !text.startsWith("#/")) {
                return null;
            }
            JsonNode target = root.at(text.substring(1));
            at = target.isMissingNode() ? null : target;
        }
        return null;
    }
}
