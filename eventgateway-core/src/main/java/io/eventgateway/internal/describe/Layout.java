package io.eventgateway.internal.describe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The places of a graph's nodes in layers from the left to the right.
 *
 * <p>As Sugiyama, Tagawa and Toda do it (IEEE SMC 11, 1981): edges that close a cycle are turned round for the layout; the layer of a node
 * is the length of the longest way to it; edges over several layers get a bend in each of them; the order within a layer comes from the
 * mean place of the neighbours, sweep by sweep; and then each node is moved towards its neighbours as far as the others of its layer let
 * it.
 */
final class Layout {
    private static final int SWEEPS = 12;
    private static final int MOVES = 8;
    /** The most bends; where there would be more, edges go straight. */
    private static final int MAX_BENDS = 20_000;

    /** A place that lines go through: that of a node, or a bend of an edge. */
    static final class Place {
        private final int layer;
        private final List<Place> before = new ArrayList<>();
        private final List<Place> after = new ArrayList<>();
        private int rank;
        private double y;

        private Place(int layer) {
            this.layer = layer;
        }

        int layer() {
            return layer;
        }

        /** The distance from the middle of the picture, in steps of one row; negative above it. */
        double y() {
            return y;
        }
    }

    /**
     * A line.
     *
     * @param places the places from the left to the right
     * @param isTurned whether the edge goes from the right to the left
     */
    record Line(List<Place> places, boolean isTurned) {}

    private final List<Place> nodes = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final List<List<Place>> layers = new ArrayList<>();

    private Layout() {}

    /** A layout of nodes with edges of two ends each, none of which goes from a node to itself. */
    static Layout of(int nodes, List<int[]> edges) {
        Layout layout = new Layout();
        boolean[] turned = turned(nodes, edges);
        int[] layerOf = layers(nodes, edges, turned);
        for (int i = 0; i < nodes; i++) {
            layout.nodes.add(layout.place(layerOf[i]));
        }
        long bends = 0;
        for (int[] edge : edges) {
            bends += Math.abs(layerOf[edge[0]] - layerOf[edge[1]]) - 1L;
        }
        for (int i = 0; i < edges.size(); i++) {
            int[] edge = edges.get(i);
            layout.line(edge[turned[i] ? 1 : 0], edge[turned[i] ? 0 : 1], turned[i], bends <= MAX_BENDS);
        }
        layout.order();
        layout.spread();
        return layout;
    }

    /** The places of the nodes, by number. */
    List<Place> nodes() {
        return nodes;
    }

    /** The lines of the edges, in their order. */
    List<Line> lines() {
        return lines;
    }

    int layerCount() {
        return layers.size();
    }

    private Place place(int layer) {
        while (layers.size() <= layer) {
            layers.add(new ArrayList<>());
        }
        Place place = new Place(layer);
        place.rank = layers.get(layer).size();
        layers.get(layer).add(place);
        return place;
    }

    private void line(int left, int right, boolean isTurned, boolean bent) {
        List<Place> places = new ArrayList<>(List.of(nodes.get(left)));
        Place end = nodes.get(right);
        for (int layer = nodes.get(left).layer + 1; bent && layer < end.layer; layer++) {
            places.add(place(layer));
        }
        places.add(end);
        for (int i = 1; i < places.size(); i++) {
            places.get(i - 1).after.add(places.get(i));
            places.get(i).before.add(places.get(i - 1));
        }
        lines.add(new Line(places, isTurned));
    }

    // ---------------------------------------------------------------------------------------------------------- layers

    /** Which edges lead back to a node that a walk along the edges has not left yet. */
    private static boolean[] turned(int nodes, List<int[]> edges) {
        List<List<Integer>> from = leaving(nodes, edges);
        boolean[] turned = new boolean[edges.size()];
        int[] at = new int[nodes];
        boolean[] seen = new boolean[nodes];
        boolean[] open = new boolean[nodes];
        for (int root = 0; root < nodes; root++) {
            if (seen[root]) {
                continue;
            }
            Deque<Integer> way = new ArrayDeque<>(List.of(root));
            seen[root] = true;
            open[root] = true;
            while (!way.isEmpty()) {
                int node = way.peek();
                if (at[node] == from.get(node).size()) {
                    open[node] = false;
                    way.pop();
                    continue;
                }
                int edge = from.get(node).get(at[node]++);
                int target = edges.get(edge)[1];
                if (open[target]) {
                    turned[edge] = true;
                } else if (!seen[target]) {
                    seen[target] = true;
                    open[target] = true;
                    way.push(target);
                }
            }
        }
        return turned;
    }

    private static List<List<Integer>> leaving(int nodes, List<int[]> edges) {
        List<List<Integer>> from = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            from.add(new ArrayList<>());
        }
        for (int i = 0; i < edges.size(); i++) {
            from.get(edges.get(i)[0]).add(i);
        }
        return from;
    }

    private static int[] layers(int nodes, List<int[]> edges, boolean[] turned) {
        List<List<Integer>> next = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            next.add(new ArrayList<>());
        }
        int[] missing = new int[nodes];
        for (int i = 0; i < edges.size(); i++) {
            int[] edge = edges.get(i);
            next.get(edge[turned[i] ? 1 : 0]).add(edge[turned[i] ? 0 : 1]);
            missing[edge[turned[i] ? 0 : 1]]++;
        }
        int[] layer = new int[nodes];
        Deque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < nodes; i++) {
            if (missing[i] == 0) {
                ready.add(i);
            }
        }
        while (!ready.isEmpty()) {
            int node = ready.remove();
            for (int target : next.get(node)) {
                layer[target] = Math.max(layer[target], layer[node] + 1);
                if (--missing[target] == 0) {
                    ready.add(target);
                }
            }
        }
        return layer;
    }

    // ----------------------------------------------------------------------------------------------------------- order

    private void order() {
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean forth = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Place> layer = layers.get(forth ? i : layers.size() - 1 - i);
                double[] mean = new double[layer.size()];
                for (Place place : layer) {
                    List<Place> neighbours = forth ? place.before : place.after;
                    mean[place.rank] = neighbours.stream()
                            .mapToInt(neighbour -> neighbour.rank)
                            .average()
                            .orElse(place.rank);
                }
                int[] old = layer.stream().mapToInt(place -> place.rank).toArray();
                Integer[] sorted = new Integer[layer.size()];
                Arrays.setAll(sorted, index -> index);
                Arrays.sort(sorted, Comparator.comparingDouble(index -> mean[old[index]]));
                List<Place> ordered = new ArrayList<>();
                for (Integer index : sorted) {
                    ordered.add(layer.get(index));
                }
                for (int rank = 0; rank < ordered.size(); rank++) {
                    ordered.get(rank).rank = rank;
                }
                layer.clear();
                layer.addAll(ordered);
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------------- spread

    private void spread() {
        for (List<Place> layer : layers) {
            for (Place place : layer) {
                place.y = place.rank - (layer.size() - 1) / 2.0;
            }
        }
        for (int move = 0; move < MOVES; move++) {
            boolean forth = move % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                move(layers.get(forth ? i : layers.size() - 1 - i), forth);
            }
        }
    }

    /**
     * Moves the nodes of a layer as near to the mean of their neighbours as their order and a distance of one row allow: what is nearest
     * by the squares of the distances is an isotonic regression, which pooling adjacent violators finds.
     */
    private static void move(List<Place> layer, boolean forth) {
        List<double[]> pools = new ArrayList<>(); // the sum of the wishes of a pool, and their number
        for (int i = 0; i < layer.size(); i++) {
            Place place = layer.get(i);
            List<Place> neighbours = forth ? place.before : place.after;
            double wish = neighbours.stream()
                    .mapToDouble(neighbour -> neighbour.y)
                    .average()
                    .orElse(place.y);
            double[] pool = {wish - i, 1};
            while (!pools.isEmpty() && mean(pools.get(pools.size() - 1)) > mean(pool)) {
                double[] last = pools.remove(pools.size() - 1);
                pool[0] += last[0];
                pool[1] += last[1];
            }
            pools.add(pool);
        }
        int i = 0;
        for (double[] pool : pools) {
            for (int member = 0; member < pool[1]; member++) {
                layer.get(i).y = mean(pool) + i;
                i++;
            }
        }
    }

    private static double mean(double[] pool) {
        return pool[0] / pool[1];
    }
}
