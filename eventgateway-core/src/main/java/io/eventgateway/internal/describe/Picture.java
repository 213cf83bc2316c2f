package io.eventgateway.internal.describe;

import io.eventgateway.Filter;
import io.eventgateway.FunctionDefinition;
import io.eventgateway.GatewayDescription;
import io.eventgateway.GatewayDescription.DescribedEventType;
import io.eventgateway.GatewayDescription.DescribedFunction;
import io.eventgateway.Subscription;
import io.eventgateway.SubscriptionMode;
import io.eventgateway.delivery.DeliveryPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The picture of what routes where, before anybody has drawn it: event types and requests, filters, functions, and the ways between
 * them. Immutable.
 *
 * @param nodes the nodes, in an order that equal descriptions share
 * @param edges the edges, each once
 */
public record Picture(List<Node> nodes, List<Edge> edges) {
    /** What a node stands for. */
    enum Kind {
        EVENT_TYPE,
        REQUEST,
        FILTER,
        FUNCTION
    }

    /** What an edge stands for. */
    enum Way {
        /** Events go this way. */
        EVENTS,
        /** A function calls another, as a group its members. */
        CALL,
        /** Dead letters go to a function, or a function is asked whether a request may pass. Not the way of an event. */
        ASIDE
    }

    /**
     * A node.
     *
     * @param name what it stands for: the type, the function's id
     * @param label what is to be read at it
     * @param isFaint whether it is not registered, or matches nothing
     */
    record Node(Kind kind, String name, String label, boolean isFaint) {}

    /**
     * An edge.
     *
     * @param isFaint whether the subscription is disabled
     */
    record Edge(int from, int to, Way way, boolean isFaint) {
        /** Returns whether what goes along here may come back. */
        boolean goesOn() {
            return way != Way.ASIDE && !isFaint;
        }
    }

    /** Copies the lists. */
    public Picture {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /** The picture of a description. */
    public static Picture of(GatewayDescription description) {
        return new Drawing(description).picture();
    }

    /** The edges that events go along or functions call along, by the node that they leave. */
    Graph graph() {
        Graph graph = new Graph(nodes.size());
        for (Edge edge : edges) {
            if (edge.goesOn()) {
                graph.add(edge.from(), edge.to());
            }
        }
        return graph;
    }

    /** The cycles: the names of functions and event types by turns, the first of which is also the last; of each cycle one. */
    public List<List<String>> cycles() {
        Set<List<String>> cycles = new LinkedHashSet<>();
        for (List<Integer> cycle : Cycles.in(graph())) {
            cycles.add(named(cycle));
        }
        return List.copyOf(cycles);
    }

    /** A cycle without its filters, from the function that comes first in the alphabet on. */
    private List<String> named(List<Integer> cycle) {
        List<Node> way = cycle.stream()
                .map(nodes::get)
                .filter(node -> node.kind() != Kind.FILTER)
                .toList();
        int first = -1;
        for (int i = 0; i < way.size(); i++) {
            boolean isFunction = way.get(i).kind() == Kind.FUNCTION;
            if (isFunction
                    && (first < 0 || way.get(i).name().compareTo(way.get(first).name()) < 0)) {
                first = i;
            }
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= way.size(); i++) {
            names.add(way.get((Math.max(first, 0) + i) % way.size()).name());
        }
        return names;
    }

    /** A picture while it is made. */
    private static final class Drawing {
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Edge> edges = new LinkedHashSet<>();
        private final Map<String, Integer> types = new HashMap<>();
        private final Map<String, Integer> requests = new TreeMap<>();
        private final Map<String, Integer> functions = new HashMap<>();
        private final Map<String, List<Integer>> sources = new HashMap<>();
        private final GatewayDescription description;

        Drawing(GatewayDescription description) {
            this.description = description;
        }

        Picture picture() {
            for (DescribedEventType type : description.eventTypes()) {
                if (type.subscribedBy().isEmpty() && type.emittedBy().isEmpty()) {
                    continue; // nothing goes from it or to it
                }
                int node = typeNode(type.name(), false);
                type.subscribedBy().forEach(id -> sources.computeIfAbsent(id, key -> new ArrayList<>())
                        .add(node));
            }
            for (DescribedFunction function : description.functions()) {
                boolean isJava = function.type().equals(FunctionDefinition.JAVA);
                String label = function.functionId() + (isJava ? "" : " (" + function.type() + ")");
                functions.put(
                        function.functionId(), node(new Node(Kind.FUNCTION, function.functionId(), label, false)));
            }
            description.subscriptions().forEach(this::draw);
            for (DescribedFunction function : description.functions()) {
                int from = functionNode(function.functionId());
                function.emits().forEach(type -> edges.add(new Edge(from, typeNode(type, false), Way.EVENTS, false)));
                function.calls().forEach(id -> edges.add(new Edge(from, functionNode(id), Way.CALL, false)));
            }
            return new Picture(nodes, List.copyOf(edges));
        }

        private void draw(Subscription subscription) {
            boolean isFaint = !subscription.enabled();
            int function = functionNode(subscription.functionId());
            int to = function;
            Filter filter = subscription.filter();
            if (filter != null) {
                to = node(new Node(Kind.FILTER, subscription.id(), FilterText.of(filter), isFaint));
                edges.add(new Edge(to, function, Way.EVENTS, isFaint));
            }
            for (int source : sourcesOf(subscription)) {
                edges.add(new Edge(source, to, Way.EVENTS, isFaint));
                aside(source, subscription.authorizer());
            }
            DeliveryPolicy policy = subscription.delivery();
            aside(function, policy == null ? null : policy.deadLetter());
        }

        private void aside(int from, @Nullable String functionId) {
            if (functionId != null) {
                edges.add(new Edge(from, functionNode(functionId), Way.ASIDE, false));
            }
        }

        private List<Integer> sourcesOf(Subscription subscription) {
            if (subscription.mode() == SubscriptionMode.HTTP) {
                String request = subscription.method() + " " + subscription.path();
                return List.of(
                        requests.computeIfAbsent(request, name -> node(new Node(Kind.REQUEST, name, name, false))));
            }
            List<Integer> known = sources.get(subscription.id());
            return known == null ? List.of(typeNode(subscription.eventType(), true)) : known;
        }

        private int typeNode(String type, boolean isFaint) {
            return types.computeIfAbsent(type, name -> node(new Node(Kind.EVENT_TYPE, name, name, isFaint)));
        }

        private int functionNode(String functionId) {
            return functions.computeIfAbsent(functionId, id -> node(new Node(Kind.FUNCTION, id, id, true)));
        }

        private int node(Node node) {
            nodes.add(node);
            return nodes.size() - 1;
        }
    }
}
