package io.eventgateway.internal.filter;

import io.eventgateway.Event;
import java.util.List;
import java.util.Random;

/** Random CESQL expressions and events, with what the CloudEvents SDK has to be given for the same meaning. */
final class CesqlGenerator {
    private static final List<String> NAMES = List.of("subject", "tenant", "level", "flag", "type");
    private static final List<String> TEXTS =
            List.of("'a'", "'ab'", "\"b\"", "''", "'true'", "'1'", "'1.5'", "'a_b'", "'it\\'s'", "'T'");
    private static final List<String> FORMS =
            List.of("'a%'", "'%b'", "'%'", "'a_'", "'%a%'", "'a'", "''", "'1%'", "'%e'", "'\\%a'");

    private final Random random;

    CesqlGenerator(long seed) {
        random = new Random(seed);
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Mostly conjunctions of plain tests, with others in between. */
    Written expression(int depth) {
        if (depth < 3 && random.nextInt(3) > 0) {
            Written left = expression(depth + 1);
            Written right = expression(depth + 1);
            return switch (random.nextInt(6)) {
                // the SDK loses the errors left of OR, but not those of AND
                case 0 ->
                    new Written(
                            "(" + left.ours + " OR " + right.ours + ")",
                            "(NOT (NOT " + left.theirs + " AND NOT " + right.theirs + "))");
                case 1 -> left.with(" XOR ", right);
                case 2 -> left.with(" and ", right);
                default -> left.with(" AND ", right);
            };
        }
        return switch (random.nextInt(10)) {
            case 0, 1 -> same(one(NAMES) + " " + one(List.of("=", "!=", "<>", "<")) + " " + one(TEXTS));
            case 2 -> same(one(NAMES) + " IN (" + one(TEXTS) + ", " + one(TEXTS) + ")");
            case 3 -> same(one(NAMES) + " LIKE " + one(FORMS));
            case 4 -> same("EXISTS " + one(NAMES));
            case 5 -> {
                Written inner = expression(depth + 1);
                yield new Written("(NOT " + inner.ours + ")", "(NOT " + inner.theirs + ")");
            }
            case 6 -> same(one(NAMES) + " NOT LIKE " + one(FORMS));
            case 7 -> same("level " + one(List.of(">", "=", "<=")) + " " + random.nextInt(3));
            case 8 -> same("LENGTH(" + one(NAMES) + ") = " + random.nextInt(3));
            default ->
                same(one(List.of(
                        "TRUE",
                        "FALSE",
                        "TRUE AND flag",
                        "tenant NOT IN ('a', 'b')",
                        "level IN (1, '2', TRUE)",
                        "flag = TRUE",
                        "2 > level",
                        "'a' = subject",
                        "1 / level = 1",
                        "CONCAT(subject, '-', tenant) LIKE 'a-_%'",
                        "-level + 2 * 3 - 1 >= 4 % 3")));
        };
    }

    private static Written same(String text) {
        return new Written("(" + text + ")", "(" + text + ")");
    }

    /** An expression, and how it is written for the SDK. */
    record Written(String ours, String theirs) {
        Written with(String operator, Written right) {
            return new Written("(" + ours + operator + right.ours + ")", "(" + theirs + operator + right.theirs + ")");
        }
    }

    Event event() {
        Event.Builder event = Event.builder(random.nextBoolean() ? "T" : "a");
        if (random.nextInt(4) > 0) {
            event.subject(one(List.of("a", "ab", "b", "true", "1", "it's", "%a")));
        }
        if (random.nextInt(3) > 0) {
            event.extension("tenant", one(List.of("a", "b", "a_b", "1.5")));
        }
        switch (random.nextInt(4)) {
            case 0 -> event.extension("level", random.nextInt(3));
            case 1 -> event.extension("level", one(List.of("1", "x", "true")));
            default -> {}
        }
        switch (random.nextInt(4)) {
            case 0 -> event.extension("flag", random.nextBoolean());
            case 1 -> event.extension("flag", one(List.of("true", "a", "0")));
            default -> {}
        }
        return event.build();
    }
}
