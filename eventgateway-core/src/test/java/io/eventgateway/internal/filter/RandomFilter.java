package io.eventgateway.internal.filter;

import io.eventgateway.error.InvalidFilterException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A random filter in one of the languages, or made of several. */
final class RandomFilter {
    private static final List<String> ATTRIBUTES = List.of("subject", "type", "tenant", "id", "n", "Tenant");

    private final Random random;

    RandomFilter(Random random) {
        this.random = random;
    }

    /** A condition; null where what was made is refused. */
    @Nullable Condition condition(int depth) {
        try {
            return switch (random.nextInt(depth > 0 ? 9 : 6)) {
                case 0, 1, 2 -> Filters.pattern(pattern()).condition();
                case 3 -> Filters.eventGrid(eventGrid()).condition();
                case 4 -> Filters.cesql(cesql(2));
                case 5 -> Filters.cloudEvents(cloudEvents(2)).condition();
                case 6 -> Filters.all(some(depth));
                case 7 -> Filters.any(some(depth));
                default -> Filters.not(some(depth).get(0));
            };
        } catch (InvalidFilterException e) {
            return null;
        }
    }

    private List<Condition> some(int depth) {
        List<Condition> some = new ArrayList<>();
        while (some.size() < 2) {
            Condition made = condition(depth - 1);
            if (made != null) {
                some.add(made);
            }
        }
        return some;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private String pattern() {
        String below = members(random.nextInt(3));
        String attribute = random.nextInt(3) == 0 ? ",\"" + one(ATTRIBUTES) + "\":" + values() : "";
        return random.nextInt(8) == 0 ? "{\"data\":" + values() + "}" : "{\"data\":" + below + attribute + "}";
    }

    private String members(int depth) {
        StringBuilder text = new StringBuilder("{");
        String name = one(RandomSchema.NAMES);
        String other = one(RandomSchema.NAMES);
        text.append('"').append(name).append("\":").append(depth > 0 ? members(depth - 1) : values());
        if (!other.equals(name) && random.nextBoolean()) {
            text.append(",\"").append(other).append("\":").append(values());
        } else if (random.nextInt(4) == 0) {
            text.append(",\"$or\":[{\"p\":")
                    .append(values())
                    .append("},{\"q\":")
                    .append(values())
                    .append("}]");
        }
        return text.append('}').toString();
    }

    private String values() {
        StringBuilder text = new StringBuilder("[");
        for (int i = random.nextInt(3); i >= 0; i--) {
            text.append(value()).append(i > 0 ? "," : "");
        }
        return text.append(']').toString();
    }

    private String text() {
        return '"' + one(RandomSchema.TEXTS) + '"';
    }

    private String longText() {
        return '"' + one(RandomSchema.TEXTS.subList(1, RandomSchema.TEXTS.size())) + '"';
    }

    private String number() {
        return one(RandomSchema.NUMBERS);
    }

    private String value() {
        return switch (random.nextInt(15)) {
            case 0, 1 -> text();
            case 2 -> number();
            case 3 -> one(List.of("true", "false", "null"));
            case 4 -> "{\"exists\":" + random.nextBoolean() + "}";
            case 5 -> "{\"prefix\":" + text() + "}";
            case 6 -> "{\"suffix\":" + text() + "}";
            case 7 -> "{\"equals-ignore-case\":" + text() + "}";
            case 8 -> "{\"anything-but\":[" + text() + "," + text() + "]}";
            case 9 -> "{\"anything-but\":[" + number() + "]}";
            case 10 -> "{\"numeric\":[\"" + one(List.of("<", "<=", ">", ">=", "=")) + "\"," + number() + "]}";
            case 11 -> "{\"numeric\":[\">\"," + (random.nextInt(5) - 2) + ",\"<=\"," + (4 + random.nextInt(5)) + "]}";
            case 12 -> "{\"wildcard\":\"" + one(List.of("*", "p*", "*d", "a*1*", "paid", "*-*")) + "\"}";
            case 13 -> "{\"anything-but\":{\"prefix\":" + longText() + "}}";
            default -> "{\"cidr\":\"10.0.0.0/8\"}";
        };
    }

    private String eventGrid() {
        StringBuilder filters = new StringBuilder();
        String shared = key();
        for (int i = random.nextInt(3); i >= 0; i--) {
            filters.append(advanced(random.nextBoolean() ? shared : key())).append(i > 0 ? "," : "");
        }
        return "{\"enableAdvancedFilteringOnArrays\":" + random.nextBoolean() + ",\"advancedFilters\":[" + filters
                + "]}";
    }

    private String key() {
        String key = "data." + one(RandomSchema.NAMES);
        return random.nextInt(4) == 0
                ? one(ATTRIBUTES)
                : random.nextInt(8) == 0 ? "data" : random.nextBoolean() ? key : key + "." + one(RandomSchema.NAMES);
    }

    private String advanced(String key) {
        String operand =
                switch (random.nextInt(6)) {
                    case 0 ->
                        one(List.of("NumberIn", "NumberNotIn")) + "\",\"values\":[" + number() + "," + number() + "]";
                    case 1 ->
                        one(List.of("NumberLessThan", "NumberGreaterThanOrEquals", "NumberGreaterThan"))
                                + "\",\"value\":" + number();
                    case 2 -> one(List.of("NumberInRange", "NumberNotInRange")) + "\",\"values\":[[0,7]]";
                    case 3 ->
                        one(List.of("StringIn", "StringNotIn", "StringBeginsWith", "StringNotEndsWith"))
                                + "\",\"values\":[" + longText() + "]";
                    case 4 ->
                        one(List.of("StringContains", "StringNotContains")) + "\",\"values\":[" + longText() + "]";
                    default -> one(List.of("IsNotNull\"", "IsNullOrUndefined\"", "BoolEquals\",\"value\":true"));
                };
        return "{\"operatorType\":\"" + operand + ",\"key\":\"" + key + "\"}";
    }

    private String cesql(int depth) {
        String attribute = one(List.of("subject", "tenant", "n", "type"));
        return switch (random.nextInt(depth > 0 ? 12 : 8)) {
            case 0 -> attribute + one(List.of(" = ", " != ")) + "'" + one(RandomSchema.TEXTS) + "'";
            case 1, 2 -> attribute + " " + one(List.of("<", "<=", ">", ">=", "=", "!=")) + " " + random.nextInt(9);
            case 3 -> "EXISTS " + attribute;
            case 4 -> attribute + one(List.of(" LIKE ", " NOT LIKE ")) + one(List.of("'p%'", "'%'", "'p_id'", "'a%d'"));
            case 5 -> attribute + " IN ('paid', 'open', " + one(List.of("7", "'7'", "TRUE")) + ")";
            case 6 -> attribute + " = " + one(List.of("TRUE", "FALSE"));
            case 7 -> one(List.of("TRUE", "1 = 1", "1 > 2", "LENGTH('a') = 2", "LENGTH(subject) > 2"));
            case 8, 9 -> "(" + cesql(depth - 1) + " AND " + cesql(depth - 1) + ")";
            case 10 -> "(" + cesql(depth - 1) + " OR " + cesql(depth - 1) + ")";
            default -> "NOT (" + cesql(depth - 1) + ")";
        };
    }

    private String cloudEvents(int depth) {
        String attribute = one(List.of("subject", "tenant", "n", "type"));
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> "{\"exact\":{\"" + attribute + "\":" + text() + "}}";
            case 1 -> "{\"prefix\":{\"" + attribute + "\":" + text() + "}}";
            case 2 -> "{\"sql\":\"" + cesql(1) + "\"}";
            case 3 -> "{\"all\":[" + cloudEvents(depth - 1) + "," + cloudEvents(depth - 1) + "]}";
            case 4 -> "{\"any\":[" + cloudEvents(depth - 1) + "," + cloudEvents(depth - 1) + "]}";
            default -> "{\"not\":" + cloudEvents(depth - 1) + "}";
        };
    }
}
