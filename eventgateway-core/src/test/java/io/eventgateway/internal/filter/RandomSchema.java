package io.eventgateway.internal.filter;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A random schema together with what makes values that have it, so that its values are valid by construction. */
final class RandomSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    static final List<String> NAMES = List.of("a", "b", "total", "status", "x-id", "items");
    static final List<String> TEXTS = List.of("", "paid", "open", "Paid", "a", "ab-12", "xyz", "true", "7", "10.0.0.1");
    static final List<String> NUMBERS = List.of("-3", "0", "1", "1.0", "2.5", "7", "10", "100");

    /** A schema and what makes values of it. */
    record Model(JsonNode schema, Supplier<JsonNode> values) {}

    private final Random random;
    private final boolean draft7;
    private final ObjectNode definitions = NODES.objectNode();

    RandomSchema(Random random) {
        this.random = random;
        this.draft7 = random.nextBoolean();
    }

    /** A schema of the data of events. */
    Model model() {
        Model model = random.nextInt(4) > 0 ? object(3) : any(3);
        if (!(model.schema() instanceof ObjectNode top)) {
            return model;
        }
        if (draft7) {
            top.put("$schema", "http://json-schema.org/draft-07/schema#");
        }
        if (!definitions.isEmpty()) {
            if (draft7 && top.has("$ref")) {
                ObjectNode wrapped = NODES.objectNode();
                wrapped.put("$schema", "http://json-schema.org/draft-07/schema#");
                wrapped.putArray("allOf").add(top);
                top = wrapped;
            }
            top.set("definitions", definitions);
        }
        return new Model(top, model.values());
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private Model any(int depth) {
        return switch (random.nextInt(depth > 0 ? 15 : 7)) {
            case 0 -> text();
            case 1 -> number();
            case 2 -> listed();
            case 3 -> new Model(type("boolean"), () -> NODES.booleanNode(random.nextBoolean()));
            case 4 -> random.nextBoolean() ? anything() : new Model(type("null"), NODES::nullNode);
            case 5 -> form();
            case 6 -> constant();
            case 7, 8, 9 -> object(depth - 1);
            case 10, 11 -> array(depth - 1);
            case 12 -> choice(depth - 1);
            case 13 -> reference(depth - 1);
            default -> both(depth - 1);
        };
    }

    private static ObjectNode type(String type) {
        return NODES.objectNode().put("type", type);
    }

    private Model anything() {
        return new Model(
                random.nextBoolean() ? NODES.booleanNode(true) : NODES.objectNode(),
                () -> RandomSchema.value(random, 2));
    }

    /** Any value. */
    static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(new BigDecimal(NUMBERS.get(random.nextInt(NUMBERS.size()))));
            case 3, 4 -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
            case 5 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private Model text() {
        ObjectNode schema = type("string");
        int min = random.nextInt(3);
        int max = min + random.nextInt(4);
        if (random.nextBoolean()) {
            schema.put("minLength", min).put("maxLength", max);
            return new Model(
                    schema, () -> NODES.stringNode("paid-x12".substring(0, min + random.nextInt(max - min + 1))));
        }
        return new Model(schema, () -> NODES.stringNode(one(TEXTS)));
    }

    private Model form() {
        return switch (random.nextInt(4)) {
            case 0 -> formed("^[a-z]{2}-[0-9]+$", () -> "ab-" + random.nextInt(20));
            case 1 -> formed("^(paid|open)$", () -> random.nextBoolean() ? "paid" : "open");
            case 2 -> formed("a", () -> one(List.of("paid", "a", "xa1", "Aa")));
            default -> formed("^\\d+\\.?.*$", () -> random.nextInt(9) + one(List.of("", ".", ".5", "x")));
        };
    }

    private static Model formed(String pattern, Supplier<String> texts) {
        return new Model(type("string").put("pattern", pattern), () -> NODES.stringNode(texts.get()));
    }

    private Model number() {
        boolean whole = random.nextBoolean();
        ObjectNode schema = type(whole ? "integer" : "number");
        int low = random.nextInt(6) - 3;
        int high = low + 1 + random.nextInt(8);
        boolean above = random.nextBoolean();
        boolean below = random.nextBoolean();
        if (random.nextBoolean()) {
            schema.put(above ? "exclusiveMinimum" : "minimum", low);
        }
        if (random.nextBoolean()) {
            schema.put(below ? "exclusiveMaximum" : "maximum", high + 1);
        }
        return new Model(schema, () -> {
            BigDecimal number = BigDecimal.valueOf(low + 1L + random.nextInt(high - low));
            if (whole) {
                return NODES.numberNode(random.nextBoolean() ? number : number.setScale(1));
            }
            return NODES.numberNode(
                    number.compareTo(BigDecimal.valueOf(high)) < 0 && random.nextBoolean()
                            ? number.add(new BigDecimal("0.5"))
                            : number);
        });
    }

    private Model listed() {
        ArrayNode list = NODES.arrayNode();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            list.add(value(random, random.nextInt(8) == 0 ? 1 : 0));
        }
        ObjectNode schema = NODES.objectNode();
        schema.set("enum", list);
        return new Model(schema, () -> list.get(random.nextInt(list.size())));
    }

    private Model constant() {
        JsonNode value = value(random, 0);
        ObjectNode schema = NODES.objectNode();
        schema.set("const", value);
        return new Model(schema, () -> value);
    }

    private Model object(int depth) {
        ObjectNode schema = type("object");
        boolean orNull = random.nextInt(5) == 0;
        if (orNull) {
            schema.putArray("type").add("object").add("null");
        }
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.putArray("required");
        List<String> names = new ArrayList<>();
        List<Model> models = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextBoolean()) {
                Model model = any(depth);
                names.add(name);
                models.add(model);
                properties.set(name, model.schema());
                if (random.nextBoolean()) {
                    required.add(name);
                }
            }
        }
        int others = random.nextInt(4);
        Model other = others == 1 ? any(0) : anything();
        if (others == 0) {
            schema.put("additionalProperties", false);
        } else if (others == 1) {
            schema.set("additionalProperties", other.schema());
        } else if (others == 2) {
            schema.putObject("patternProperties").set("^x-", other.schema());
            schema.put("additionalProperties", false);
            if (names.contains("x-id")) { // both would have to hold
                schema.putObject("patternProperties").putObject("^y-");
            }
        }
        boolean isPattern = others == 2;
        boolean hasPattern = isPattern && !names.contains("x-id");
        List<String> needed = required.valueStream().map(JsonNode::stringValue).toList();
        return new Model(schema, () -> {
            if (orNull && random.nextInt(3) == 0) {
                return NODES.nullNode();
            }
            ObjectNode value = NODES.objectNode();
            for (int i = 0; i < names.size(); i++) {
                if (needed.contains(names.get(i)) || random.nextBoolean()) {
                    value.set(names.get(i), models.get(i).values().get());
                }
            }
            if (others != 0) {
                for (String name : NAMES) {
                    boolean allowed = !names.contains(name) && (!isPattern || (hasPattern && name.startsWith("x-")));
                    if (allowed && random.nextInt(3) == 0) {
                        value.set(name, other.values().get());
                    }
                }
            }
            return value;
        });
    }

    private Model array(int depth) {
        ObjectNode schema = type("array");
        Model items = any(depth);
        Model first = any(depth);
        boolean hasFirst = random.nextInt(3) == 0;
        int min = random.nextInt(3);
        if (hasFirst) {
            schema.putArray(draft7 ? "items" : "prefixItems").add(first.schema());
            schema.set(draft7 ? "additionalItems" : "items", items.schema());
        } else {
            schema.set("items", items.schema());
        }
        schema.put("minItems", min);
        return new Model(schema, () -> {
            ArrayNode array = NODES.arrayNode();
            for (int i = 0; i < min + random.nextInt(2); i++) {
                array.add((i == 0 && hasFirst ? first : items).values().get());
            }
            while (array.size() < min) {
                array.add((array.isEmpty() && hasFirst ? first : items).values().get());
            }
            return array;
        });
    }

    private Model choice(int depth) {
        Model one = any(depth);
        Model other = any(depth);
        ObjectNode schema = NODES.objectNode();
        schema.putArray("anyOf").add(one.schema()).add(other.schema());
        return new Model(
                schema, () -> (random.nextBoolean() ? one : other).values().get());
    }

    private Model both(int depth) {
        Model one = any(depth);
        ObjectNode schema = NODES.objectNode();
        schema.putArray("allOf").add(one.schema()).addObject();
        if (random.nextBoolean()) {
            schema.putObject("not").put("type", "no such type").put("minItems", 1);
        }
        return new Model(schema, one.values());
    }

    /** A reference, of which some refer to themselves. */
    private Model reference(int depth) {
        String name = "d" + definitions.size();
        definitions.putObject(name);
        ObjectNode schema = NODES.objectNode().put("$ref", "#/definitions/" + name);
        if (random.nextBoolean()) {
            Model model = any(depth);
            definitions.set(name, model.schema());
            return new Model(schema, model.values());
        }
        ObjectNode tree = type("object");
        Model leaf = any(0);
        tree.putObject("properties").set("a", leaf.schema());
        ((ObjectNode) tree.get("properties"))
                .putObject("items")
                .put("type", "array")
                .putObject("items")
                .put("$ref", "#/definitions/" + name);
        tree.put("additionalProperties", false);
        definitions.set(name, tree);
        return new Model(schema, () -> node(leaf, 2));
    }

    private JsonNode node(Model leaf, int depth) {
        ObjectNode value = NODES.objectNode();
        if (random.nextBoolean()) {
            value.set("a", leaf.values().get());
        }
        if (depth > 0 && random.nextBoolean()) {
            ArrayNode children = value.putArray("items");
            for (int i = random.nextInt(3); i > 0; i--) {
                children.add(node(leaf, depth - 1));
            }
        }
        return value;
    }
}
