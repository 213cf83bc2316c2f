package io.eventgateway.internal.routing;

import io.eventgateway.internal.delivery.Target;
import io.eventgateway.internal.http.PathPattern;
import io.eventgateway.internal.http.PathPattern.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The http subscriptions of one space, as a trie over the segments of their paths.
 *
 * <p>The most specific pattern that has the request's method wins, position by position: static text over {@code :parameter}
 * over {@code *wildcard}. The search goes back when a specific beginning leads nowhere; since the nodes are a tree, it visits
 * each at most once, whatever the request.
 *
 * <p>{@code lock} keeps writers apart. Readers take none: a pattern becomes visible when its {@code Leaf} is written, which is
 * the last thing that is done to add it and the first to take it out.
 */
public final class PathTree {
    private static final class Node {
        private final Map<String, Node> fixed = new ConcurrentHashMap<>();
        private volatile @Nullable Node parameter;
        private volatile Map<String, Leaf> here = Map.of();
        private volatile Map<String, Leaf> rest = Map.of();

        boolean isEmpty() {
            return fixed.isEmpty() && parameter == null && here.isEmpty() && rest.isEmpty();
        }
    }

    /** The end of a pattern: the subscription, and the names of what its parameters take, from the left. */
    private record Leaf(Target target, List<String> names) {}

    /** The subscription that a request resolves to, and what its path's parameters took, percent-decoded. */
    public record Match(Target target, Map<String, String> params) {}

    private final Node root = new Node();
    private final ReentrantLock lock = new ReentrantLock();

    /** Adds a subscription, or replaces the one of the same method and shape of path. */
    public void put(String method, PathPattern pattern, Target target) {
        lock.lock();
        try {
            List<String> names = new ArrayList<>();
            Node node = root;
            for (Segment segment : pattern.segments()) {
                if (segment instanceof Segment.Static text) {
                    node = node.fixed.computeIfAbsent(text.text(), key -> new Node());
                } else if (segment instanceof Segment.Parameter parameter) {
                    names.add(parameter.name());
                    Node next = node.parameter;
                    if (next == null) {
                        next = new Node();
                        node.parameter = next;
                    }
                    node = next;
                } else if (segment instanceof Segment.Wildcard wildcard) {
                    names.add(wildcard.name());
                    node.rest = with(node.rest, method, new Leaf(target, List.copyOf(names)));
                    return;
                }
            }
            node.here = with(node.here, method, new Leaf(target, List.copyOf(names)));
        } finally {
            lock.unlock();
        }
    }

    /** Takes a subscription out. */
    public void remove(String method, PathPattern pattern) {
        lock.lock();
        try {
            remove(root, pattern.segments(), 0, method);
        } finally {
            lock.unlock();
        }
    }

    private static void remove(Node node, List<Segment> segments, int depth, String method) {
        if (depth == segments.size()) {
            node.here = without(node.here, method);
            return;
        }
        Segment segment = segments.get(depth);
        if (segment instanceof Segment.Wildcard) {
            node.rest = without(node.rest, method);
        } else if (segment instanceof Segment.Static text) {
            Node next = node.fixed.get(text.text());
            if (next != null) {
                remove(next, segments, depth + 1, method);
                if (next.isEmpty()) {
                    node.fixed.remove(text.text());
                }
            }
        } else {
            Node next = node.parameter;
            if (next != null) {
                remove(next, segments, depth + 1, method);
                if (next.isEmpty()) {
                    node.parameter = null;
                }
            }
        }
    }

    private static Map<String, Leaf> with(Map<String, Leaf> leaves, String method, Leaf leaf) {
        Map<String, Leaf> changed = new TreeMap<>(leaves);
        changed.put(method, leaf);
        return Map.copyOf(changed);
    }

    private static Map<String, Leaf> without(Map<String, Leaf> leaves, String method) {
        Map<String, Leaf> changed = new TreeMap<>(leaves);
        changed.remove(method);
        return Map.copyOf(changed);
    }

    /**
     * The most specific subscription for the method and the path; null when there is none.
     *
     * @param rawPath percent-encoded, starting with a slash; it is split before it is decoded, so an encoded slash stays in its
     *     segment
     */
    public @Nullable Match match(String method, String rawPath) {
        RequestPath path = new RequestPath(rawPath);
        Leaf leaf = find(root, path, 0, method, 0);
        return leaf == null ? null : new Match(leaf.target(), path.taken(leaf.names()));
    }

    private static @Nullable Leaf find(Node node, RequestPath path, int depth, String method, int taken) {
        if (depth == path.size()) {
            return node.here.get(method);
        }
        Node fixed = node.fixed.get(path.segment(depth));
        if (fixed != null) {
            Leaf found = find(fixed, path, depth + 1, method, taken);
            if (found != null) {
                return found;
            }
        }
        Node parameter = node.parameter;
        if (parameter != null && !path.segment(depth).isEmpty()) {
            Leaf found = find(parameter, path, depth + 1, method, taken + 1);
            if (found != null) {
                path.take(taken, depth);
                return found;
            }
        }
        Leaf wildcard = node.rest.get(method);
        if (wildcard != null && path.hasRest(depth)) {
            path.takeRest(depth);
            return wildcard;
        }
        return null;
    }

    /** The methods that have a subscription for the path, sorted; empty when no pattern matches it. */
    public Set<String> methods(String rawPath) {
        Set<String> methods = new TreeSet<>();
        collect(root, new RequestPath(rawPath), 0, methods);
        return methods;
    }

    private static void collect(Node node, RequestPath path, int depth, Set<String> methods) {
        if (depth == path.size()) {
            methods.addAll(node.here.keySet());
            return;
        }
        Node fixed = node.fixed.get(path.segment(depth));
        if (fixed != null) {
            collect(fixed, path, depth + 1, methods);
        }
        Node parameter = node.parameter;
        if (parameter != null && !path.segment(depth).isEmpty()) {
            collect(parameter, path, depth + 1, methods);
        }
        if (path.hasRest(depth)) {
            methods.addAll(node.rest.keySet());
        }
    }
}
