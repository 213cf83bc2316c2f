package io.eventgateway.internal.json;

import tools.jackson.databind.JsonNode;

/** Trees of JSON's own values alone, without what Jackson writes as something else: bytes, Java objects, numbers that are not finite. */
public final class PlainJson {
    private PlainJson() {}

    /** Returns whether every node of a tree is a value of JSON. */
    public static boolean isPlain(JsonNode node) {
        if (node.isContainer()) {
            for (JsonNode below : node) {
                if (!isPlain(below)) {
                    return false;
                }
            }
            return true;
        }
        if (node.isNumber()) {
            return !node.isFloatingPointNumber() || node.isBigDecimal() || Double.isFinite(node.doubleValue());
        }
        return node.isString() || node.isBoolean() || node.isNull();
    }

    /** Returns whether objects and arrays of a tree are within each other on more levels, none of which is looked below. */
    public static boolean isDeeperThan(JsonNode node, int levels) {
        if (!node.isContainer()) {
            return false;
        }
        if (levels == 0) {
            return true;
        }
        for (JsonNode below : node) {
            if (isDeeperThan(below, levels - 1)) {
                return true;
            }
        }
        return false;
    }
}
