package io.eventgateway.internal.routing;

import io.eventgateway.SystemEvent;
import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.filter.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to patterns of event types, as a trie over dot-separated segments. Not thread-safe: {@link TypeIndex} guards it.
 *
 * <p>A type is matched by going through its segments once with the set of all nodes that may be reached, as an automaton does,
 * so that patterns with many {@code **} cost no more than the trie has nodes for each segment.
 */
final class TypePatterns {
    private static final String ONE = "*";
    private static final String MANY = "**";

    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private final TargetSet targets = new TargetSet();
        private final boolean loops;

        Node(boolean loops) {
            this.loops = loops;
        }

        boolean isEmpty() {
            return children.isEmpty() && targets.isEmpty();
        }
    }

    private final Node root = new Node(false);

    static boolean isPattern(String eventType) {
        return eventType.indexOf('*') >= 0;
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    /** Returns whether the routes of matching types have to be made anew. */
    boolean put(String pattern, Target target, @Nullable Condition condition) {
        Node node = root;
        for (String segment : segments(pattern)) {
            node = node.children.computeIfAbsent(segment, key -> new Node(key.equals(MANY)));
        }
        return node.targets.put(target, condition);
    }

    /** The targets of a pattern; null when there are none. */
    @Nullable TargetSet targets(String pattern) {
        Node node = root;
        for (String segment : segments(pattern)) {
            node = node.children.get(segment);
            if (node == null) {
                return null;
            }
        }
        return node.targets;
    }

    /** Returns whether the routes of matching types have to be made anew. */
    boolean remove(String pattern, String subscriptionId) {
        String[] segments = segments(pattern);
        List<Node> way = new ArrayList<>(segments.length + 1);
        way.add(root);
        for (String segment : segments) {
            Node next = way.get(way.size() - 1).children.get(segment);
            if (next == null) {
                return false;
            }
            way.add(next);
        }
        boolean changed = way.get(segments.length).targets.remove(subscriptionId);
        for (int i = segments.length; i > 0 && way.get(i).isEmpty(); i--) {
            way.get(i - 1).children.remove(segments[i - 1]);
        }
        return changed;
    }

    /** The number of events for which a subscription's filter could not be evaluated. */
    long filterErrors(String pattern, String subscriptionId) {
        Node node = root;
        for (String segment : segments(pattern)) {
            Node next = node.children.get(segment);
            if (next == null) {
                return 0;
            }
            node = next;
        }
        return node.targets.filterErrors(subscriptionId);
    }

    /** The targets of the patterns that match the type; a wildcard in front does not match system events. */
    List<TargetSet> matching(String eventType) {
        boolean system = SystemEvent.isSystemType(eventType);
        Set<Node> reached = nodes();
        enter(root, reached, !system);
        String[] segments = segments(eventType);
        for (int i = 0; i < segments.length; i++) {
            boolean wildcards = i > 0 || !system;
            Set<Node> next = nodes();
            for (Node node : reached) {
                if (node.loops) {
                    enter(node, next, true);
                }
                enter(node.children.get(segments[i]), next, true);
                if (wildcards) {
                    enter(node.children.get(ONE), next, true);
                }
            }
            reached = next;
        }
        return reached.stream()
                .map(node -> node.targets)
                .filter(targets -> !targets.isEmpty())
                .toList();
    }

    /** Reaches a node, and what follows it when {@code **} stands for no segment. */
    private static void enter(@Nullable Node node, Set<Node> reached, boolean wildcards) {
        for (Node at = node; at != null && reached.add(at); at = wildcards ? at.children.get(MANY) : null) {
            // the condition does the walking
        }
    }

    private static Set<Node> nodes() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static String[] segments(String eventType) {
        return eventType.split("\\.", -1);
    }
}
