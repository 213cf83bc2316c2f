package io.eventgateway.internal.discovery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was seen at one place of the data of events of a type. Not thread-safe. */
public final class LearnedValue {
    private static final int DEEPEST = 32;
    /** An object with more members than this has keys for names: they are no part of a schema. */
    private static final int MOST_NAMES = 200;

    /** How many members may still be kept of the type. */
    private static final class Room {
        private int left;

        private Room(int left) {
            this.left = left;
        }
    }

    private final Room room;
    private final int depth;
    private final @Nullable String name;

    private long objects;
    private long arrays;
    private long booleans;
    private long nulls;
    private final LearnedText texts;
    private final LearnedNumber numbers = new LearnedNumber();
    private final Map<String, LearnedValue> members = new LinkedHashMap<>();
    /** How many objects had each member. */
    private final Map<String, Long> seen = new LinkedHashMap<>();
    /** Whether objects have had members that are not kept. */
    private boolean isOpen;

    private boolean isMap;
    private @Nullable LearnedValue elements;

    private LearnedValue(Room room, int depth, @Nullable String name) {
        this.room = room;
        this.depth = depth;
        this.name = name;
        this.texts = new LearnedText(name);
    }

    static LearnedValue root(int maxMembers) {
        return new LearnedValue(new Room(maxMembers), 0, null);
    }

    void learn(JsonNode value) {
        if (value.isObject()) {
            learnObject((ObjectNode) value);
        } else if (value.isArray()) {
            arrays++;
            for (JsonNode element : value) {
                learnElement(element);
            }
        } else if (value.isString()) {
            texts.learn(value.stringValue());
        } else if (value.isNumber()) {
            numbers.learn(value);
        } else if (value.isBoolean()) {
            booleans++;
        } else if (value.isBinary() || value.isPojo()) {
            texts.learn(value.asString(""));
        } else {
            nulls++;
        }
    }

    private void learnElement(JsonNode element) {
        if (depth == DEEPEST) {
            return;
        }
        if (elements == null) {
            elements = new LearnedValue(room, depth + 1, name);
        }
        elements.learn(element);
    }

    private void learnObject(ObjectNode object) {
        objects++;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (isMap) {
                return;
            }
            LearnedValue known = members.get(member.getKey());
            if (known == null) {
                known = newMember(member.getKey());
            }
            if (known != null) {
                seen.merge(member.getKey(), 1L, Long::sum);
                known.learn(member.getValue());
            }
        }
    }

    private @Nullable LearnedValue newMember(String member) {
        if (members.size() == MOST_NAMES) {
            isMap = true;
            room.left += members.size();
            members.clear();
            seen.clear();
            return null;
        }
        if (depth == DEEPEST || room.left == 0 || Personal.isName(member)) {
            isOpen = true;
            return null;
        }
        room.left--;
        LearnedValue known = new LearnedValue(room, depth + 1, member);
        members.put(member, known);
        return known;
    }

    private long total() {
        return objects + arrays + booleans + nulls + texts.count() + numbers.count();
    }

    /** The types of JSON Schema that were seen. */
    List<String> types() {
        List<String> types = new ArrayList<>();
        add(types, objects, "object");
        add(types, arrays, "array");
        add(types, texts.count(), "string");
        add(types, numbers.count(), numbers.areWhole() ? "integer" : "number");
        add(types, booleans, "boolean");
        add(types, nulls, "null");
        return types;
    }

    private static void add(List<String> types, long count, String type) {
        if (count > 0) {
            types.add(type);
        }
    }

    /** The members of objects that were seen and kept, by name. */
    Map<String, LearnedValue> members() {
        return members;
    }

    /** Returns whether all objects had the member. */
    boolean isAlwaysThere(String member) {
        return seen.getOrDefault(member, 0L) == objects;
    }

    /** Returns whether objects have had members that are not kept. */
    boolean isOpen() {
        return isOpen || isMap;
    }

    /** What was seen in arrays; null for nothing. */
    @Nullable LearnedValue elements() {
        return elements;
    }

    /** The schema that everything has that was seen. */
    ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        List<String> types = types();
        if (types.size() == 1) {
            schema.put("type", types.get(0));
        } else if (!types.isEmpty()) {
            types.forEach(schema.putArray("type")::add);
        }
        if (numbers.count() > 0) {
            numbers.describe(schema);
        }
        if (texts.count() > 0) {
            texts.describe(schema, texts.count() == total());
        }
        if (objects > 0 && !isMap) {
            describeMembers(schema);
        }
        if (elements != null) {
            schema.set("items", elements.schema());
        }
        return schema;
    }

    private void describeMembers(ObjectNode schema) {
        if (members.isEmpty()) {
            return;
        }
        Map<String, LearnedValue> sorted = new TreeMap<>(members);
        ObjectNode properties = schema.putObject("properties");
        sorted.forEach((member, value) -> properties.set(member, value.schema()));
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        sorted.keySet().stream().filter(this::isAlwaysThere).forEach(required::add);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }

    LearnedValue copy() {
        LearnedValue copy = new LearnedValue(new Room(0), depth, name);
        copy.objects = objects;
        copy.arrays = arrays;
        copy.booleans = booleans;
        copy.nulls = nulls;
        copy.texts.takeOver(texts);
        copy.numbers.takeOver(numbers);
        members.forEach((member, value) -> copy.members.put(member, value.copy()));
        copy.seen.putAll(seen);
        copy.isOpen = isOpen;
        copy.isMap = isMap;
        copy.elements = elements == null ? null : elements.copy();
        return copy;
    }
}
