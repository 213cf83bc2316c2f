package io.eventgateway.internal.describe;

import io.eventgateway.internal.describe.Picture.Edge;
import io.eventgateway.internal.describe.Picture.Kind;
import io.eventgateway.internal.describe.Picture.Node;
import io.eventgateway.internal.describe.Picture.Way;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** A picture as SVG: layers from the left to the right, curves between them, labels cut with their whole as a title. */
public final class SvgText {
    private static final int MAX_LABEL = 42;
    private static final double CHARACTER = 7.3;
    private static final int WIDE_FROM = 0x2E80;
    private static final double PADDING = 14;
    private static final double HEIGHT = 30;
    private static final double ROW = 46;
    private static final double GAP = 90;
    private static final double MARGIN = 20;
    /** How much lower the ends of edges that go back are, so that they don't cover those that go forth. */
    private static final double LOWER = 8;

    private static final String STYLE = """
            <style>
              text { font: 12px ui-monospace, Menlo, Consolas, monospace; fill: #1f2933; }
              rect, path.hexagon { fill: #ffffff; stroke: #52606d; stroke-width: 1.2; }
              rect.type { fill: #e3f2fd; } rect.request { fill: #e8f5e9; } path.hexagon { fill: #fff8e1; }
              path.edge { fill: none; stroke: #7b8794; stroke-width: 1.2; marker-end: url(#arrow); }
              .faint { stroke-dasharray: 5 4; }
              .cycle rect, .cycle path.hexagon, path.edge.cycle { stroke: #c0392b; stroke-width: 2; }
              .cycle text { fill: #c0392b; }
              path.edge.cycle { marker-end: url(#arrow-cycle); }
            </style>
            <defs>
              <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
                <path d="M0,0 L8,4 L0,8 z" fill="#7b8794"/></marker>
              <marker id="arrow-cycle" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse">
                <path d="M0,0 L8,4 L0,8 z" fill="#c0392b"/></marker>
            </defs>
            """;

    private final Picture picture;
    private final Layout layout;
    private final BitSet cyclic;
    private final int[] component;
    private final double[] left;
    private final double[] width;
    private final double top;
    private final double height;
    private final StringBuilder out = new StringBuilder();

    private SvgText(Picture picture) {
        this.picture = picture;
        this.cyclic = Cycles.nodesIn(picture.graph());
        this.component = picture.graph().components(node -> true);
        List<int[]> edges = new ArrayList<>();
        for (Edge edge : picture.edges()) {
            if (edge.from() != edge.to()) {
                edges.add(new int[] {edge.from(), edge.to()});
            }
        }
        this.layout = Layout.of(picture.nodes().size(), edges);
        this.left = new double[layout.layerCount() + 1];
        this.width = new double[layout.layerCount()];
        double lowest = 0;
        double highest = 0;
        for (int i = 0; i < picture.nodes().size(); i++) {
            Layout.Place place = layout.nodes().get(i);
            width[place.layer()] =
                    Math.max(width[place.layer()], widthOf(picture.nodes().get(i)));
        }
        for (Layout.Line line : layout.lines()) {
            for (Layout.Place place : line.places()) {
                highest = Math.min(highest, place.y());
                lowest = Math.max(lowest, place.y());
            }
        }
        for (Layout.Place place : layout.nodes()) {
            highest = Math.min(highest, place.y());
            lowest = Math.max(lowest, place.y());
        }
        double x = MARGIN;
        for (int layer = 0; layer < width.length; layer++) {
            left[layer] = x;
            x += width[layer] + GAP;
        }
        left[width.length] = x;
        this.top = MARGIN + HEIGHT / 2 - highest * ROW;
        this.height = (lowest - highest) * ROW + HEIGHT + 2 * MARGIN;
    }

    /** The document. */
    public static String of(Picture picture) {
        return new SvgText(picture).written();
    }

    private String written() {
        double whole = Math.max(2 * MARGIN, left[width.length] - GAP + MARGIN);
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(number(whole));
        out.append("\" height=\"").append(number(height)).append("\" viewBox=\"0 0 ");
        out.append(number(whole))
                .append(' ')
                .append(number(height))
                .append("\">\n")
                .append(STYLE);
        int line = 0;
        for (Edge edge : picture.edges()) {
            if (edge.from() == edge.to()) {
                loop(edge);
            } else {
                draw(edge, layout.lines().get(line));
                line++;
            }
        }
        for (int i = 0; i < picture.nodes().size(); i++) {
            draw(picture.nodes().get(i), layout.nodes().get(i), cyclic.get(i));
        }
        return out.append("</svg>\n").toString();
    }

    private void begin(Edge edge) {
        boolean isRed = edge.goesOn() && component[edge.from()] == component[edge.to()];
        out.append("<path class=\"edge").append(isRed ? " cycle" : "");
        out.append(edge.isFaint() || edge.way() != Way.EVENTS ? " faint" : "").append("\" d=\"");
    }

    private void draw(Edge edge, Layout.Line line) {
        begin(edge);
        List<Layout.Place> places = line.places();
        double lower = line.isTurned() ? LOWER : 0;
        int from = line.isTurned() ? edge.to() : edge.from();
        int to = line.isTurned() ? edge.from() : edge.to();
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Layout.Place place = places.get(i);
            double y = top + place.y() * ROW + lower;
            if (i > 0) {
                boolean isEnd = i == places.size() - 1;
                points.add(new double[] {isEnd ? leftOf(to) : left[place.layer()], y});
            }
            if (i < places.size() - 1) {
                points.add(new double[] {i == 0 ? rightOf(from) : left[place.layer()] + width[place.layer()], y});
            }
        }
        for (int i = 0; i < points.size(); i++) {
            double[] point = points.get(line.isTurned() ? points.size() - 1 - i : i);
            if (i == 0) {
                out.append('M').append(number(point[0])).append(',').append(number(point[1]));
            } else if (i % 2 == 0) { // straight through a layer, and curved between two of them
                out.append(" L").append(number(point[0])).append(',').append(number(point[1]));
            } else {
                double[] last = points.get(line.isTurned() ? points.size() - i : i - 1);
                double middle = (last[0] + point[0]) / 2;
                out.append(" C").append(number(middle)).append(',').append(number(last[1]));
                out.append(' ').append(number(middle)).append(',').append(number(point[1]));
                out.append(' ').append(number(point[0])).append(',').append(number(point[1]));
            }
        }
        out.append("\"/>\n");
    }

    /** An edge from a node to itself. */
    private void loop(Edge edge) {
        double x = rightOf(edge.from());
        double y = top + layout.nodes().get(edge.from()).y() * ROW;
        begin(edge);
        out.append('M').append(number(x)).append(',').append(number(y - 4));
        out.append(" C").append(number(x + 40)).append(',').append(number(y - 24));
        out.append(' ').append(number(x + 40)).append(',').append(number(y + 24));
        out.append(' ').append(number(x)).append(',').append(number(y + 4)).append("\"/>\n");
    }

    private double widthOf(Node node) {
        double characters = shown(node)
                .codePoints()
                .mapToDouble(c -> c >= WIDE_FROM ? 2 : 1)
                .sum();
        return characters * CHARACTER + 2 * PADDING + (node.kind() == Kind.FILTER ? 10 : 0);
    }

    private double leftOf(int node) {
        int layer = layout.nodes().get(node).layer();
        return left[layer] + (width[layer] - widthOf(picture.nodes().get(node))) / 2;
    }

    private double rightOf(int node) {
        return leftOf(node) + widthOf(picture.nodes().get(node));
    }

    private static String shown(Node node) {
        return FilterText.cut(node.label(), MAX_LABEL);
    }

    private void draw(Node node, Layout.Place place, boolean isCyclic) {
        double own = widthOf(node);
        double x = left[place.layer()] + (width[place.layer()] - own) / 2;
        double y = top + place.y() * ROW - HEIGHT / 2;
        out.append(isCyclic ? "<g class=\"cycle\">" : "<g>");
        out.append("<title>").append(XmlText.escaped(node.label())).append("</title>");
        String faint = node.isFaint() ? " faint" : "";
        if (node.kind() == Kind.FILTER) {
            double middle = y + HEIGHT / 2;
            out.append("<path class=\"hexagon").append(faint).append("\" d=\"M").append(number(x));
            out.append(',').append(number(middle)).append(" L").append(number(x + 10));
            out.append(',').append(number(y)).append(" H").append(number(x + own - 10));
            out.append(" L").append(number(x + own)).append(',').append(number(middle));
            out.append(" L").append(number(x + own - 10)).append(',').append(number(y + HEIGHT));
            out.append(" H").append(number(x + 10)).append(" z\"/>");
        } else {
            String kind =
                    node.kind() == Kind.EVENT_TYPE ? "type" : node.kind() == Kind.REQUEST ? "request" : "function";
            out.append("<rect class=\"").append(kind).append(faint).append("\" x=\"");
            out.append(number(x)).append("\" y=\"").append(number(y)).append("\" width=\"");
            out.append(number(own)).append("\" height=\"").append(number(HEIGHT));
            out.append("\" rx=\"").append(node.kind() == Kind.FUNCTION ? 3 : 15).append("\"/>");
        }
        out.append("<text text-anchor=\"middle\" x=\"").append(number(x + own / 2));
        out.append("\" y=\"").append(number(y + HEIGHT / 2 + 4)).append("\">");
        out.append(XmlText.escaped(shown(node))).append("</text></g>\n");
    }

    private static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
    }
}
