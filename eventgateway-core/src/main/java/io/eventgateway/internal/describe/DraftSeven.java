package io.eventgateway.internal.describe;

import io.eventgateway.internal.http.PercentCoding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON Schema as a part of another document, in the draft 7 that AsyncAPI's schemas are made of.
 *
 * <p>References within the schema go to its new place. Those to other documents become {@code x-ref}, since who reads the document would
 * fetch them. Of the dialect 2020-12, {@code prefixItems} is written as draft 7 has it, and what draft 7 does not know stays and says
 * nothing there. What is in {@code enum}, {@code const}, {@code default} and {@code examples} is data and stays as it is.
 */
final class DraftSeven {
    private static final Set<String> DATA = Set.of("enum", "const", "default", "examples", "example");
    private static final Set<String> NAMED =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");
    private static final Set<String> LEFT_OUT = Set.of("$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary");
    private static final int MAX_LEVELS = 400;

    /** A part of the schema, and a reference to its new place. */
    private record Found(JsonNode node, String place) {}

    private final Found root;
    /** The subschemas that have names, by {@code $id} and by {@code #} and {@code $anchor}. */
    private final Map<String, Found> named = new HashMap<>();

    private DraftSeven(Found root) {
        this.root = root;
    }

    /**
     * The schema at its new place.
     *
     * @param place a reference to where the schema is to be
     */
    static JsonNode of(JsonNode schema, String place) {
        DraftSeven made = new DraftSeven(new Found(schema, place));
        made.findNames();
        return made.written(schema, made.root, false, 0);
    }

    private void findNames() {
        Deque<Found> open = new ArrayDeque<>();
        open.add(root);
        while (!open.isEmpty()) {
            Found found = open.remove();
            name(found, "$id", "");
            name(found, "$anchor", "#");
            for (Map.Entry<String, JsonNode> member : found.node().properties()) {
                if (!DATA.contains(member.getKey())) {
                    open.add(new Found(member.getValue(), found.place() + "/" + step(renamed(member.getKey()))));
                }
            }
            for (int i = 0; found.node().isArray() && i < found.node().size(); i++) {
                open.add(new Found(found.node().get(i), found.place() + "/" + i));
            }
        }
    }

    private void name(Found found, String keyword, String prefix) {
        JsonNode name = found.node().get(keyword);
        if (name != null && name.isString()) {
            named.putIfAbsent(prefix + name.asString(), found);
        }
    }

    private static String step(String name) {
        return URLEncoder.encode(name.replace("~", "~0").replace("/", "~1"), StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%24", "$")
                .replace("%7E", "~");
    }

    private static String renamed(String keyword) {
        return keyword.equals("prefixItems") ? "items" : keyword;
    }

    /**
     * A schema, or a map of schemas by name.
     *
     * @param around the schema with an {@code $id} of its own that it is a part of, which its references begin at
     * @param isMap whether the members' names are not keywords
     */
    private JsonNode written(JsonNode node, Found around, boolean isMap, int level) {
        if (level > MAX_LEVELS) { // what is that deep is left out: it accepts everything
            return JsonNodeFactory.instance.objectNode();
        }
        if (node.isArray()) {
            ArrayNode out = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> out.add(written(each, around, false, level + 1)));
            return out;
        }
        if (!node.isObject()) {
            return node;
        }
        Found base = isMap ? around : named.getOrDefault(node.path("$id").asString(""), around);
        boolean hasTuple = !isMap && node.path("prefixItems").isArray();
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String keyword = member.getKey();
            JsonNode value = member.getValue();
            if (isMap) {
                out.set(keyword, written(value, base, false, level + 1));
            } else if (DATA.contains(keyword)) {
                out.set(keyword, value);
            } else if (keyword.equals("$ref") && value.isString()) {
                refer(out, value.asString(), base);
            } else if (keyword.equals("$dynamicRef")) {
                out.set("x-ref", value);
            } else if (!LEFT_OUT.contains(keyword)) {
                String name = !hasTuple ? keyword : keyword.equals("items") ? "additionalItems" : renamed(keyword);
                out.set(name, written(value, base, NAMED.contains(keyword), level + 1));
            }
        }
        return out;
    }

    private void refer(ObjectNode out, String reference, Found base) {
        String target = target(reference, base);
        if (target == null) {
            out.put("x-ref", reference);
        } else {
            out.put("$ref", target);
        }
    }

    /** The new place of what a reference goes to; null when that is not in the schema. */
    private @Nullable String target(String reference, Found around) {
        int hash = reference.indexOf('#');
        String document = hash < 0 ? reference : reference.substring(0, hash);
        String fragment = hash < 0 ? "" : reference.substring(hash + 1);
        Found base = document.isEmpty() ? around : named.get(document);
        if (base == null) {
            return null;
        }
        if (fragment.isEmpty()) {
            return base.place();
        }
        if (!fragment.startsWith("/")) {
            Found anchor = named.get("#" + fragment);
            return anchor == null ? null : anchor.place();
        }
        try {
            boolean isThere = !base.node()
                    .at(JsonPointer.compile(PercentCoding.decode(fragment)))
                    .isMissingNode();
            return isThere ? base.place() + fragment.replace("/prefixItems/", "/items/") : null;
        } catch (IllegalArgumentException e) { // no pointer at all
            return null;
        }
    }
}
