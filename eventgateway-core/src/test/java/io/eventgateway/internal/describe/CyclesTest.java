package io.eventgateway.internal.describe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CyclesTest {
    private static Graph random(Random random) {
        int nodes = 1 + random.nextInt(6);
        Graph graph = new Graph(nodes);
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (random.nextInt(3) == 0) {
                    graph.add(from, to);
                }
            }
        }
        return graph;
    }

    /** Every cycle from its lowest node on, by walking all ways. */
    private static void walk(Graph graph, List<Integer> way, Set<List<Integer>> found) {
        for (int target : graph.next(way.get(way.size() - 1))) {
            if (target == way.get(0)) {
                found.add(List.copyOf(way));
            } else if (target > way.get(0) && !way.contains(target)) {
                way.add(target);
                walk(graph, way, found);
                way.remove(way.size() - 1);
            }
        }
    }

    @Test
    void findsEveryElementaryCycleOnce() {
        Random random = new Random(18);
        for (int round = 0; round < 2_000; round++) {
            Graph graph = random(random);
            Set<List<Integer>> expected = new HashSet<>();
            for (int start = 0; start < graph.size(); start++) {
                walk(graph, new ArrayList<>(List.of(start)), expected);
            }

            List<List<Integer>> found = Cycles.in(graph);

            if (expected.size() <= Cycles.MAX_CYCLES) {
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            } else {
                assertThat(found).hasSize(Cycles.MAX_CYCLES).doesNotHaveDuplicates();
                assertThat(expected).containsAll(found);
            }
            Set<Integer> nodes = new HashSet<>();
            expected.forEach(nodes::addAll);
            assertThat(Cycles.nodesIn(graph).stream().boxed()).containsExactlyInAnyOrderElementsOf(nodes);
        }
    }

    @Test
    void aGraphWithCountlessCyclesTakesNoTime() {
        Graph graph = new Graph(200);
        for (int from = 0; from < 200; from++) {
            for (int to = 0; to < 200; to++) {
                graph.add(from, to);
            }
        }

        assertThat(Cycles.in(graph)).hasSize(Cycles.MAX_CYCLES);
    }

    @Test
    void aLongCycleOverflowsNoStack() {
        Graph graph = new Graph(50_000);
        for (int from = 0; from < 50_000; from++) {
            graph.add(from, (from + 1) % 50_000);
        }

        List<List<Integer>> found = Cycles.in(graph);

        assertThat(found).hasSize(1);
        assertThat(found.get(0)).hasSize(50_000);
    }
}
