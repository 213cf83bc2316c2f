package io.eventgateway.internal.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema as what it says of the values at a path: dialect 2020-12, or draft 7 or 6 where {@code $schema} says so; of every
 * other dialect nothing is understood. Thread-safe.
 *
 * <p>What is not understood may be anything, so what the schema is said to exclude, it excludes. Each look takes a bounded number of
 * steps, however its parts refer to each other; beyond that bound anything may be there, too.
 */
public final class JsonSchema {
    private static final int MOST_STEPS = 20_000;

    private record Step(SchemaNode at, String what) {}

    private final JsonNode root;
    private final boolean isUnderstood;
    private final boolean isDraft7;
    private final Map<String, Place> references = new ConcurrentHashMap<>();
    private final Place top;
    private @Nullable Boolean hasOtherResources;
    private final Set<Step> under = new HashSet<>();
    private int steps;

    private JsonSchema(JsonNode root) {
        this.root = root;
        String dialect = root.path("$schema").asString("");
        this.isDraft7 =
                dialect.contains("json-schema.org/draft-07/") || dialect.contains("json-schema.org/draft-06/");
        this.isUnderstood = dialect.isEmpty() || isDraft7 || dialect.contains("json-schema.org/draft/2020-12/");
        this.top = place(root);
    }

    /** What a schema says of the data of events. */
    public static Place of(JsonNode schema) {
        return new JsonSchema(schema).top;
    }

    boolean isDraft7() {
        return isDraft7;
    }

    /** The place that a part of the schema speaks of. */
    Place place(@Nullable JsonNode part) {
        if (part == null || !isUnderstood) {
            return Place.ANYTHING;
        }
        if (part.isBoolean()) {
            return part.booleanValue() ? Place.ANYTHING : Place.NOTHING;
        }
        return part.isObject() && !part.isEmpty() ? new SchemaNode(this, part) : Place.ANYTHING;
    }

    /** The place that a reference within the schema speaks of; anything where it leads elsewhere. */
    Place referred(String reference) {
        Place known = references.get(reference);
        if (known == null) {
            known = hasOtherResources() ? Place.ANYTHING : place(find(reference));
            references.put(reference, known);
        }
        return known;
    }

    private @Nullable JsonNode find(String reference) {
        if (reference.equals("#")) {
            return root;
        }
        if (reference.startsWith("#/")) {
            String pointer = decoded(reference.substring(1));
            try {
                JsonNode found = pointer == null ? null : root.at(pointer);
                return found == null || found.isMissingNode() ? null : found;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return null;
    }

    private static @Nullable String decoded(String fragment) {
        try {
            return java.net.URLDecoder.decode(fragment.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns whether a part has an address of its own, to which references in it are relative. */
    private boolean hasOtherResources() {
        if (hasOtherResources == null) {
            hasOtherResources = hasAddress(root, true, 0);
        }
        return hasOtherResources;
    }

    private static boolean hasAddress(JsonNode node, boolean isRoot, int depth) {
        if (depth > 500) {
            return true;
        }
        if (!isRoot && node.isObject() && node.path("$id").isString()) {
            return true;
        }
        for (JsonNode below : node) {
            if (below.isContainer() && hasAddress(below, false, depth + 1)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Computes what a part says, or gives another answer where that is being computed already, or took too long.
     *
     * @param otherwise the answer that excludes nothing
     */
    synchronized <T> T look(SchemaNode at, String what, T otherwise, Supplier<T> compute) {
        boolean outermost = under.isEmpty();
        if (outermost) {
            steps = 0;
        }
        Step step = new Step(at, what);
        steps++;
        if (steps > MOST_STEPS || under.size() > 500 || !under.add(step)) {
            return otherwise;
        }
        try {
            return compute.get();
        } finally {
            under.remove(step);
        }
    }

    /** All parts in the order of a list. */
    List<Place> places(JsonNode list) {
        return list.valueStream().map(this::place).toList();
    }
}
