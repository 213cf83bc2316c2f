package io.eventgateway.internal.routing;

import io.eventgateway.SystemEvent;
import io.eventgateway.internal.delivery.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
        private final Map<String, Target> targets = new LinkedHashMap<>();
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

    void put(String pattern, Target target) {
        Node node = root;
        for (String segment : segments(pattern)) {
            node = node.children.computeIfAbsent(segment, key -> new Node(key.equals(MANY)));
        }
        node.targets.put(target.subscription().id(), target);
    }

    void remove(String pattern, String subscriptionId) {
        String[] segments = segments(pattern);
        List<Node> way = new ArrayList<>(segments.length + 1);
        way.add(root);
        for (String segment : segments) {
            Node next = way.get(way.size() - 1).children.get(segment);
            if (next == null) {
                return;
            }
            way.add(next);
        }
        way.get(segments.length).targets.remove(subscriptionId);
        for (int i = segments.length; i > 0 && way.get(i).isEmpty(); i--) {
            way.get(i - 1).children.remove(segments[i - 1]);
        }
    }

    /** The targets whose patterns match the type; a wildcard in front does not match system events. */
    List<Target> matching(String eventType) {
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
        List<Target> matched = new ArrayList<>();
        reached.forEach(node -> matched.addAll(node.targets.values()));
        return matched;
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
