package io.eventgateway.internal.describe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The elementary cycles of a graph, each once, up to a bound.
 *
 * <p>By Johnson's algorithm (SIAM J. Comput. 4, 1975), whose time is proportional to the nodes and edges for each cycle that it finds; as
 * networkx writes it, without recursion.
 */
final class Cycles {
    /** The most cycles that are looked for: who has as many reads no more of them. */
    static final int MAX_CYCLES = 100;

    private final Graph graph;
    private final BitSet left = new BitSet();
    private final List<List<Integer>> found = new ArrayList<>();

    private Cycles(Graph graph) {
        this.graph = graph;
        left.set(0, graph.size());
    }

    /** The cycles, each as its nodes in order, from its node of the lowest number on. */
    static List<List<Integer>> in(Graph graph) {
        Cycles cycles = new Cycles(graph);
        cycles.find();
        return cycles.found;
    }

    /** Returns which edges are part of a cycle: those between nodes that can reach each other. */
    static BitSet nodesIn(Graph graph) {
        int[] component = graph.components(node -> true);
        BitSet cyclic = new BitSet();
        for (int node = 0; node < graph.size(); node++) {
            for (int target : graph.next(node)) {
                if (component[node] == component[target]) {
                    cyclic.set(node);
                    cyclic.set(target);
                }
            }
        }
        return cyclic;
    }

    private void find() {
        for (int start = 0; start < graph.size() && found.size() < MAX_CYCLES; start++) {
            int[] component = graph.components(left::get);
            int own = component[start];
            boolean isCyclic = graph.next(start).stream().anyMatch(target -> component[target] == own);
            if (isCyclic) {
                findThrough(start, component);
            }
            left.clear(start);
            if (!isCyclic) {
                start = skipTo(start, component);
            }
        }
    }

    /** Leaves out the nodes before the next one that is in a cycle with others, so that components are made only where that pays. */
    private int skipTo(int start, int[] component) {
        int node = start;
        while (node + 1 < graph.size() && !isCyclic(node + 1, component)) {
            node++;
            left.clear(node);
        }
        return node;
    }

    private boolean isCyclic(int node, int[] component) {
        return graph.next(node).stream().anyMatch(target -> component[target] == component[node]);
    }

    private record Step(int node, Deque<Integer> targets) {}

    private void findThrough(int start, int[] component) {
        int own = component[start];
        List<Integer> path = new ArrayList<>(List.of(start));
        Set<Integer> blocked = new HashSet<>(path);
        Set<Integer> closed = new HashSet<>();
        Map<Integer, Set<Integer>> waiting = new HashMap<>();
        Deque<Step> steps = new ArrayDeque<>();
        steps.push(step(start, component, own));
        while (!steps.isEmpty()) {
            Step step = steps.peek();
            Integer target = step.targets().poll();
            if (target != null) {
                if (target == start) {
                    found.add(List.copyOf(path));
                    closed.addAll(path);
                    if (found.size() == MAX_CYCLES) {
                        return;
                    }
                } else if (blocked.add(target)) {
                    path.add(target);
                    steps.push(step(target, component, own));
                    closed.remove(target);
                }
                continue;
            }
            int node = step.node();
            if (closed.contains(node)) {
                unblock(node, blocked, waiting);
            } else {
                for (int neighbour : step(node, component, own).targets()) {
                    waiting.computeIfAbsent(neighbour, key -> new HashSet<>()).add(node);
                }
            }
            steps.pop();
            path.remove(path.size() - 1);
        }
    }

    private Step step(int node, int[] component, int own) {
        Deque<Integer> targets = new ArrayDeque<>();
        for (int target : graph.next(node)) {
            if (component[target] == own) {
                targets.add(target);
            }
        }
        return new Step(node, targets);
    }

    private static void unblock(int first, Set<Integer> blocked, Map<Integer, Set<Integer>> waiting) {
        Deque<Integer> nodes = new ArrayDeque<>(List.of(first));
        while (!nodes.isEmpty()) {
            int node = nodes.pop();
            if (blocked.remove(node)) {
                Set<Integer> others = waiting.remove(node);
                if (others != null) {
                    nodes.addAll(others);
                }
            }
        }
    }
}
