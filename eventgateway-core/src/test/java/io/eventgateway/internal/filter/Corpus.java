package io.eventgateway.internal.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random patterns and random data over the same small vocabularies, so that they often match: few names at each level, few
 * values of each type, arrays in arrays and objects in arrays.
 */
final class Corpus {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> NAMES = List.of("a", "b", "c", "a-b", "d");
    private static final List<String> TEXTS = List.of(
            "x",
            "xy",
            "xyz",
            "X",
            "y",
            "yx",
            "",
            "opened",
            "Opened",
            "closed",
            "10.0.0.1",
            "10.0.3.7",
            "2001:db8::1",
            "2001:0db8:0:0:0:0:0:1",
            "é",
            "É",
            "日本",
            "a*b",
            "1",
            "true",
            "null",
            "zyx.png");
    private static final List<String> NUMBERS =
            List.of("0", "1", "-1", "2", "10", "1.5", "1.50", "15e-1", "100", "1e2", "3.0", "-0.25", "4294967296");
    private static final List<String> WILDCARDS =
            List.of("*", "x*", "*y", "x*z", "*.png", "*x*", "o*n*d", "a\\*b", "*e*");
    private static final List<String> BLOCKS = List.of("10.0.0.0/8", "10.0.0.0/30", "10.0.3.7/31", "2001:db8::/32");

    private final Random random;
    /** How often a pattern may still branch. */
    private int branchings;

    Corpus(long seed) {
        this.random = new Random(seed);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** An object as data may have. */
    ObjectNode data() {
        return object(3);
    }

    private ObjectNode object(int depth) {
        ObjectNode object = NODES.objectNode();
        for (String name : NAMES) {
            if (chance(80)) {
                object.set(name, value(depth));
            }
        }
        return object;
    }

    private JsonNode value(int depth) {
        if (depth > 0 && chance(45)) {
            return chance(50) ? object(depth - 1) : array(depth - 1);
        }
        return scalar();
    }

    private ArrayNode array(int depth) {
        ArrayNode array = NODES.arrayNode();
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            array.add(depth > 0 && chance(70) ? (chance(75) ? object(depth - 1) : array(depth - 1)) : scalar());
        }
        return array;
    }

    private JsonNode scalar() {
        int kind = random.nextInt(10);
        if (kind < 5) {
            return NODES.stringNode(one(TEXTS));
        }
        if (kind < 8) {
            return NODES.numberNode(new java.math.BigDecimal(one(NUMBERS)));
        }
        return kind == 8 ? NODES.booleanNode(random.nextBoolean()) : NODES.nullNode();
    }

    /** A pattern of some of the members that data may have. */
    ObjectNode pattern() {
        ObjectNode pattern = NODES.objectNode();
        branchings = 3;
        fill(pattern, 2, new ArrayList<>(NAMES), 1 + random.nextInt(3));
        return pattern;
    }

    /** Names are used up, so that no path comes twice. */
    private void fill(ObjectNode pattern, int depth, List<String> names, int members) {
        for (int i = 0; i < members && !names.isEmpty(); i++) {
            if (names.size() >= 2 && branchings > 0 && !pattern.has("$or") && chance(15)) {
                branchings--;
                ArrayNode or = pattern.putArray("$or");
                int alternatives = 2 + random.nextInt(2);
                List<String> used = new ArrayList<>(names.subList(0, 1 + random.nextInt(names.size() - 1)));
                for (int j = 0; j < alternatives; j++) {
                    ObjectNode alternative = or.addObject();
                    fill(alternative, depth, new ArrayList<>(used), 1 + random.nextInt(2));
                }
                names.removeAll(used);
                continue;
            }
            String name = names.remove(random.nextInt(names.size()));
            if (depth > 0 && chance(55)) {
                ObjectNode below = pattern.putObject(name);
                fill(below, depth - 1, new ArrayList<>(NAMES), 1 + random.nextInt(2));
            } else {
                ArrayNode wanted = pattern.putArray(name);
                int several = chance(70) ? 1 : 2 + random.nextInt(2);
                for (int j = 0; j < several; j++) {
                    wanted.add(wanted());
                }
            }
        }
    }

    private JsonNode wanted() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> scalar();
            case 3 -> operator("prefix", text());
            case 4 -> operator("suffix", text());
            case 5 -> operator("equals-ignore-case", text());
            case 6 -> operator("prefix", operator("equals-ignore-case", text()));
            case 7 -> operator("suffix", operator("equals-ignore-case", text()));
            case 8 -> operator("wildcard", NODES.stringNode(one(WILDCARDS)));
            case 9, 10 -> operator("numeric", numeric());
            case 11, 12 -> operator("exists", NODES.booleanNode(random.nextBoolean()));
            case 13 -> operator("cidr", NODES.stringNode(one(BLOCKS)));
            default -> operator("anything-but", unwanted());
        };
    }

    private JsonNode unwanted() {
        return switch (random.nextInt(6)) {
            case 0 -> chance(50) ? text() : number();
            case 1 -> {
                ArrayNode several = NODES.arrayNode();
                boolean texts = random.nextBoolean();
                for (int i = 0; i < 3; i++) {
                    several.add(texts ? text() : number());
                }
                yield several;
            }
            case 2 -> operator("prefix", notEmpty());
            case 3 -> operator("suffix", NODES.arrayNode().add(notEmpty()).add(notEmpty()));
            case 4 ->
                operator(
                        "equals-ignore-case",
                        chance(50) ? text() : NODES.arrayNode().add(text()).add(text()));
            default -> operator("wildcard", NODES.stringNode(one(WILDCARDS)));
        };
    }

    private ArrayNode numeric() {
        ArrayNode terms = NODES.arrayNode();
        if (chance(60)) {
            return terms.add(one(List.of("=", "<", "<=", ">", ">="))).add(number());
        }
        Map<java.math.BigDecimal, JsonNode> ordered = new TreeMap<>();
        while (ordered.size() < 2) {
            JsonNode number = number();
            ordered.put(number.decimalValue(), number);
        }
        List<JsonNode> bounds = new ArrayList<>(ordered.values());
        return terms.add(one(List.of(">", ">=")))
                .add(bounds.get(0))
                .add(one(List.of("<", "<=")))
                .add(bounds.get(1));
    }

    private JsonNode text() {
        return NODES.stringNode(one(TEXTS));
    }

    private JsonNode notEmpty() {
        String text = one(TEXTS);
        return NODES.stringNode(text.isEmpty() ? "x" : text);
    }

    private JsonNode number() {
        return NODES.numberNode(new java.math.BigDecimal(one(NUMBERS)));
    }

    private static ObjectNode operator(String name, JsonNode operand) {
        ObjectNode operator = NODES.objectNode();
        operator.set(name, operand);
        return operator;
    }

    /** A pattern of members that the data has, some with the value that it has there. */
    ObjectNode patternOf(JsonNode data) {
        ObjectNode pattern = NODES.objectNode();
        int members = 1 + random.nextInt(3);
        for (int i = 0; i < members; i++) {
            ObjectNode at = pattern;
            JsonNode value = data;
            while (true) {
                while (value.isArray() && !value.isEmpty()) {
                    value = value.get(random.nextInt(value.size()));
                }
                if (!value.isObject() || value.isEmpty()) {
                    break;
                }
                List<Map.Entry<String, JsonNode>> all = List.copyOf(value.properties());
                Map.Entry<String, JsonNode> member = one(all);
                JsonNode below = member.getValue();
                JsonNode probe = below;
                while (probe.isArray() && !probe.isEmpty()) {
                    probe = probe.get(0);
                }
                if (probe.isObject() && !probe.isEmpty()) {
                    if (at.has(member.getKey()) && !at.get(member.getKey()).isObject()) {
                        break;
                    }
                    at = at.has(member.getKey()) ? (ObjectNode) at.get(member.getKey()) : at.putObject(member.getKey());
                    value = below;
                } else {
                    if (at.has(member.getKey())) {
                        break;
                    }
                    at.putArray(member.getKey()).add(wantedOf(probe));
                    break;
                }
            }
        }
        return withoutEmpty(pattern) ? pattern : pattern();
    }

    private JsonNode wantedOf(JsonNode value) {
        if (chance(30) || value.isContainer()) {
            return operator("exists", NODES.booleanNode(chance(80)));
        }
        if (value.isString() && !value.stringValue().isEmpty() && chance(60)) {
            String text = value.stringValue();
            int at = 1 + random.nextInt(text.length());
            return switch (random.nextInt(4)) {
                case 0 -> operator("prefix", NODES.stringNode(text.substring(0, at)));
                case 1 -> operator("suffix", NODES.stringNode(text.substring(text.length() - at)));
                case 2 -> operator("anything-but", NODES.stringNode(text.substring(0, at)));
                default -> operator("equals-ignore-case", NODES.stringNode(text.toUpperCase(java.util.Locale.ROOT)));
            };
        }
        if (value.isNumber() && chance(60)) {
            return operator(
                    "numeric",
                    NODES.arrayNode().add(one(List.of("<=", ">", "="))).add(value));
        }
        return value;
    }

    private static boolean withoutEmpty(ObjectNode pattern) {
        pattern.properties().removeIf(member -> member.getValue() instanceof ObjectNode below && !withoutEmpty(below));
        return !pattern.isEmpty();
    }
}
