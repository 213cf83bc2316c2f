package io.eventgateway.internal.describe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/** A directed graph of numbered nodes. Not thread-safe. */
final class Graph {
    private final List<List<Integer>> next;

    Graph(int nodes) {
        this.next = new ArrayList<>(nodes);
        for (int i = 0; i < nodes; i++) {
            next.add(new ArrayList<>());
        }
    }

    int size() {
        return next.size();
    }

    void add(int from, int to) {
        next.get(from).add(to);
    }

    List<Integer> next(int node) {
        return next.get(node);
    }

    /**
     * The number of the strongly connected component of each node, among the nodes that are included; -1 for the others. Two nodes are in
     * one component when each can be reached from the other. By Tarjan's algorithm, without recursion, so that no graph overflows the
     * stack.
     */
    int[] components(IntPredicate included) {
        int[] component = new int[size()];
        int[] index = new int[size()];
        int[] low = new int[size()];
        int[] at = new int[size()];
        Arrays.fill(component, -1);
        Deque<Integer> open = new ArrayDeque<>();
        int indexes = 0;
        int components = 0;
        for (int root = 0; root < size(); root++) {
            if (index[root] != 0 || !included.test(root)) {
                continue;
            }
            Deque<Integer> way = new ArrayDeque<>();
            way.push(root);
            while (!way.isEmpty()) {
                int node = way.peek();
                if (index[node] == 0) {
                    indexes++;
                    index[node] = indexes;
                    low[node] = indexes;
                    open.push(node);
                }
                if (at[node] < next(node).size()) {
                    int target = next(node).get(at[node]++);
                    if (!included.test(target)) {
                        continue;
                    }
                    if (index[target] == 0) {
                        way.push(target);
                    } else if (component[target] < 0) {
                        low[node] = Math.min(low[node], index[target]);
                    }
                    continue;
                }
                way.pop();
                if (!way.isEmpty()) {
                    low[way.peek()] = Math.min(low[way.peek()], low[node]);
                }
                if (low[node] == index[node]) {
                    int member;
                    do {
                        member = open.pop();
                        component[member] = components;
                    } while (member != node);
                    components++;
                }
            }
        }
        return component;
    }
}
