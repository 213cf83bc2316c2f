package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A pattern in which {@code "a.b"} is short for {@code "b"} in {@code "a"}, as it is for event-ruler, written out: one object for each
 * name. What can't be written so is refused: it names a path twice, or names one as a value and as what has members.
 */
final class NestedNames {
    private static final String OR = "$or";

    private NestedNames() {}

    /** The names that are joined by dots in one. */
    static List<String> split(String name) {
        return List.of(name.split("\\.", -1));
    }

    /** A pattern that compiles, without dots in its names. */
    static JsonNode writtenOut(Source pattern) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        copy(pattern, List.of(), out);
        return out;
    }

    private static void copy(Source source, List<String> path, ObjectNode into) {
        source.each((name, below) -> {
            if (name.equals(OR)) {
                put(below, path, OR, alternatives(below, path), into);
                return;
            }
            List<String> names = split(name);
            if (path.size() + names.size() > Limits.MAX_DEPTH) {
                throw below.refused("names nested deeper than " + Limits.MAX_DEPTH + " levels", "less");
            }
            List<String> longer = new ArrayList<>(path);
            ObjectNode at = into;
            for (String parent : names.subList(0, names.size() - 1)) {
                longer.add(parent);
                at = objectIn(at, below, longer);
            }
            String last = names.get(names.size() - 1);
            if (below.value().isObject()) {
                List<String> longest = new ArrayList<>(longer);
                longest.add(last);
                copy(below, longest, objectIn(at, below, longest));
            } else {
                put(below, longer, last, below.value(), at);
            }
        });
    }

    private static JsonNode alternatives(Source or, List<String> path) {
        ArrayNode alternatives = JsonNodeFactory.instance.arrayNode();
        or.each((index, alternative) -> copy(alternative, path, alternatives.addObject()));
        return alternatives;
    }

    private static void put(Source source, List<String> path, String name, JsonNode value, ObjectNode into) {
        if (into.get(name) != null) {
            List<String> names = new ArrayList<>(path);
            names.add(name);
            throw source.refused("the path '" + Path.of(names) + "' for the second time", "each path once");
        }
        into.set(name, value);
    }

    private static ObjectNode objectIn(ObjectNode parent, Source source, List<String> path) {
        String name = path.get(path.size() - 1);
        @Nullable JsonNode known = parent.get(name);
        if (known == null) {
            return parent.putObject(name);
        }
        if (known instanceof ObjectNode object) {
            return object;
        }
        throw source.refused(
                "members of the path '" + Path.of(path) + "', which is a value elsewhere",
                "a path that has either members or values");
    }
}
