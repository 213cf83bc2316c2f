package io.eventgateway.conformance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the suites need it: numbers are read with every digit that is written. */
final class Json {
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Numbers are the same when they have the same digits: 1.50 is not 1.5. */
    static final BiPredicate<JsonNode, JsonNode> SAME_DIGITS =
            (one, other) -> digits(one).equals(digits(other));

    /** Numbers are the same when the nearest doubles are, as in a language whose numbers are doubles. */
    static final BiPredicate<JsonNode, JsonNode> SAME_DOUBLE =
            (one, other) -> digits(one).doubleValue() == digits(other).doubleValue();

    private Json() {}

    static JsonNode read(String text) {
        return EXACT.readTree(text);
    }

    private static BigDecimal digits(JsonNode number) {
        return number.decimalValue();
    }

    /** Returns whether two trees are the same, the order of members aside. */
    static boolean same(JsonNode one, JsonNode other, BiPredicate<JsonNode, JsonNode> sameNumber, boolean anyOrder) {
        if (one.isNumber() && other.isNumber()) {
            return sameNumber.test(one, other);
        }
        if (one.size() != other.size() || one.getNodeType() != other.getNodeType()) {
            return false;
        }
        if (one.isObject()) {
            for (Map.Entry<String, JsonNode> member : one.properties()) {
                JsonNode value = other.get(member.getKey());
                if (value == null || !same(member.getValue(), value, sameNumber, anyOrder)) {
                    return false;
                }
            }
            return true;
        }
        return one.isArray() ? sameElements(one, other, sameNumber, anyOrder) : one.equals(other);
    }

    private static boolean sameElements(
            JsonNode one, JsonNode other, BiPredicate<JsonNode, JsonNode> sameNumber, boolean anyOrder) {
        List<JsonNode> left = new ArrayList<>();
        other.forEach(left::add);
        for (JsonNode element : one) {
            int found = 0;
            while (found < left.size() && !same(element, left.get(found), sameNumber, anyOrder)) {
                found++;
            }
            if (found == left.size() || (found > 0 && !anyOrder)) {
                return false;
            }
            left.remove(found);
        }
        return true;
    }
}
