package io.eventgateway.internal.filter;

import io.eventgateway.internal.filter.Condition.Test;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tests of leaves that have to hold together: EventBridge's rule that all conditions which go through one array hold for the same
 * element of it (event-ruler's array consistency). Immutable.
 *
 * <p>As in event-ruler, the tests are taken in the order of their dotted paths, and the first one that a value in an array passes
 * settles the element for those after it. A test that wants nothing there, and comes before any that settles an element, asks
 * that no element has the path; after it, that the settled one has not.
 *
 * <p>The tests form a tree by the members of their paths. Different members of an object have no array in common but those
 * above, whose elements are settled when the object is reached, so they are independent, and each element of an array is tried
 * once for each test below: the time is at most the number of tests times the number of values, times how deep arrays are nested
 * in arrays without an object between.
 */
final class Together {
    private static final class Node {
        private final Path path;
        private final String name;
        private final List<Node> children = new ArrayList<>();
        private @Nullable Test test;
        /** The place of its test, or of the first below it. */
        private int order = NONE;
        /** The place of the last test at or below it. */
        private int last;
        /** The places of the tests at and below it; others may be between them, such as that of {@code a-b} or {@code a.b} for {@code a}. */
        private final BitSet below = new BitSet();

        Node(Path path) {
            this.path = path;
            this.name =
                    path.names().isEmpty() ? "" : path.names().get(path.names().size() - 1);
        }
    }

    static final int NOT_FAILED = -1;
    private static final int NOTHING_SETTLED = -1;
    private static final int NONE = Integer.MAX_VALUE;
    /** The tests hold or fail in arrays, where none of them fails alone. */
    static final int FAILED_TOGETHER = -2;

    private final Test[] tests;
    private final Node root;

    Together(List<Test> tests) {
        this(tests, UnaryOperator.identity());
    }

    private Together(List<Test> unsorted, UnaryOperator<Path> paths) {
        this.tests = unsorted.stream()
                .map(test -> EqualTests.shared(test.mapPaths(paths)))
                .sorted(Comparator.comparing(test -> test.path().dotted()))
                .toArray(Test[]::new);
        this.root = new Node(Path.of(List.of()));
        for (int i = 0; i < tests.length; i++) {
            Node node = root;
            List<String> names = tests[i].path().names();
            for (int depth = 1; depth <= names.size(); depth++) {
                node = child(node, names.subList(0, depth), paths);
                node.order = Math.min(node.order, i);
                node.last = i;
                node.below.set(i);
            }
            node.test = tests[i];
        }
        sort(root);
    }

    private static Node child(Node node, List<String> names, UnaryOperator<Path> paths) {
        String name = names.get(names.size() - 1);
        for (Node child : node.children) {
            if (child.name.equals(name)) {
                return child;
            }
        }
        Node made = new Node(paths.apply(Path.of(names)));
        node.children.add(made);
        return made;
    }

    private static void sort(Node node) {
        node.children.sort(Comparator.comparingInt(child -> child.order));
        node.children.forEach(Together::sort);
    }

    List<Test> tests() {
        return List.of(tests);
    }

    /** These tests with other paths; equal tests are one object, so that many filters that match touch less memory. */
    Together mapPaths(UnaryOperator<Path> paths) {
        return new Together(List.of(tests), paths);
    }

    boolean holds(View view) {
        return firstFailing(view, Hits.UNKNOWN) == NOT_FAILED;
    }

    /**
     * The place of the first test that fails; negative when none does, or {@link #FAILED_TOGETHER}.
     *
     * @param hits the elements in which one of the tests may hold, so that the other elements of its array need no look
     */
    int firstFailing(View view, Hits hits) {
        boolean arrays = view.mayHaveArrays();
        for (int i = 0; i < tests.length; i++) {
            Test test = tests[i];
            Object value = view.at(test.path());
            if (arrays && (value == null || isArray(value))) {
                return matches(root, view, hits) ? NOT_FAILED : FAILED_TOGETHER;
            }
            if (!passes(test, value)) {
                return i;
            }
        }
        return NOT_FAILED;
    }

    /** A value that is no array; an object is not a leaf, so nothing is at the path. */
    private static boolean passes(Test test, @Nullable Object value) {
        if (value == null || (value instanceof JsonNode node && node.isObject())) {
            return test.orAbsent();
        }
        return test.wanted().test(value);
    }

    private static boolean isArray(Object value) {
        return value instanceof JsonNode node && node.isArray();
    }

    /** What is below a place that no array is above. */
    private static boolean matches(Node node, View view, Hits hits) {
        for (Node child : node.children) {
            Object value = view.at(child.path);
            if (value != null && isArray(value)) {
                if (!outermost(child, (JsonNode) value, view, hits)) {
                    return false;
                }
            } else if (child.test != null && !passes(child.test, value)) {
                return false;
            } else if (!child.children.isEmpty() && !matches(child, view, hits)) {
                return false;
            }
        }
        return true;
    }

    /** Returns what {@link #inArray} does, for an array that is in no other array. */
    private static boolean outermost(Node node, JsonNode array, View view, Hits hits) {
        Hits here = hits.of(node.below, node.order);
        int first = firstSettling(node, node, array, NOTHING_SETTLED, view, here);
        if (first == NONE) {
            return true;
        }
        return inElement(node, array, first, here)
                || (isSettledBefore(node, NOTHING_SETTLED, first) && inElement(node, array, node.order, here));
    }

    /** Returns whether a scalar of the array passes the test of the node itself, which an array in the array may pass as well. */
    private static boolean isSettledBefore(Node node, int from, int first) {
        return node.test != null && node.order >= from && node.order < first;
    }

    private static boolean inElement(Node node, JsonNode array, int from, Hits hits) {
        // the test of the hits settles the element, or holds in the one that a test before it settles
        Hits range = hits.of(node.below, from);
        for (int i = range.first(); i < range.end(array.size()); i++) {
            JsonNode element = array.get(i);
            if (element.isContainer() && inValue(node, element, from)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether the tests of a node and below it, from one in their order on, hold for one element of an array.
     *
     * @param from the test that settles the element of an array above, which a value has to pass; those before it hold already
     */
    private static boolean inArray(Node node, JsonNode array, int from) {
        int first = firstSettling(node, node, array, from, null, Hits.UNKNOWN);
        return first == NONE
                || inElement(node, array, first, Hits.UNKNOWN)
                || (isSettledBefore(node, from, first) && inElement(node, array, node.order, Hits.UNKNOWN));
    }

    /** Returns what {@link #inArray} does, for any value; null for no value. */
    private static boolean inValue(Node node, @Nullable JsonNode value, int from) {
        if (value != null && value.isArray()) {
            return inArray(node, value, from);
        }
        Test test = node.test;
        if (test != null && node.order >= from) {
            boolean leaf = value != null && !value.isObject();
            boolean passed = leaf ? test.wanted().test(Objects.requireNonNull(value)) : mayBeAbsent(node, from);
            if (!passed) {
                return false;
            }
        }
        for (Node child : node.children) {
            if (child.last >= from && !inValue(child, value == null ? null : value.get(child.name), from)) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayBeAbsent(Node node, int from) {
        return node.test != null && node.test.orAbsent() && node.order != from;
    }

    /** The first test that needs an element of the array: no scalar of the array itself passes it, nor does its absence from all. */
    private static int firstSettling(Node top, Node node, JsonNode array, int from, @Nullable View view, Hits hits) {
        Test test = node.test;
        if (test != null && node.order >= from) {
            boolean settled = (node == top && isPassedByScalarOf(array, test, hits, node.order))
                    || (mayBeAbsent(node, from) && !hasLeaf(array, top, node, view));
            if (!settled) {
                return node.order;
            }
        }
        int first = NONE;
        for (Node child : node.children) {
            if (child.order < first) {
                first = Math.min(first, firstSettling(top, child, array, from, view, hits));
            }
        }
        return first;
    }

    private static boolean isPassedByScalarOf(JsonNode array, Test test, Hits hits, int order) {
        Hits range = hits.of(order, order);
        for (int i = range.first(); i < range.end(array.size()); i++) {
            JsonNode element = array.get(i);
            if (!element.isContainer() && test.wanted().test(element)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a scalar is at the place of a node, looked for from the value at the place of one above it. */
    private static boolean hasLeaf(JsonNode value, Node top, Node node, @Nullable View view) {
        Boolean seen = (view == null || node == top) ? null : view.hasLeafInArray(node.path);
        if (seen != null) {
            return seen;
        }
        return hasLeaf(
                value,
                node.path.names(),
                top.path.names().size(),
                node.path.names().size());
    }

    private static boolean hasLeaf(JsonNode value, List<String> names, int at, int end) {
        if (value.isArray()) {
            for (JsonNode element : value) {
                if (hasLeaf(element, names, at, end)) {
                    return true;
                }
            }
            return false;
        }
        if (at == end) {
            return !value.isObject();
        }
        JsonNode below = value.get(names.get(at));
        return below != null && hasLeaf(below, names, at + 1, end);
    }

    @Override
    public String toString() {
        return List.of(tests).toString();
    }
}
