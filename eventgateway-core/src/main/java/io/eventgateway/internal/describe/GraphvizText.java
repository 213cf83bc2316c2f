package io.eventgateway.internal.describe;

import io.eventgateway.internal.describe.Picture.Edge;
import io.eventgateway.internal.describe.Picture.Node;
import io.eventgateway.internal.describe.Picture.Way;
import java.util.BitSet;
import java.util.stream.Collectors;

/** A picture in the DOT language of Graphviz. Nodes have numbers for ids, and labels are quoted texts without escapes of their own. */
public final class GraphvizText {
    private static final String RED = "\"#c0392b\"";

    private GraphvizText() {}

    /** The graph. */
    public static String of(Picture picture) {
        BitSet cyclic = Cycles.nodesIn(picture.graph());
        int[] component = picture.graph().components(node -> true);
        StringBuilder out = new StringBuilder("digraph events {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n");
        for (int i = 0; i < picture.nodes().size(); i++) {
            Node node = picture.nodes().get(i);
            out.append("  n").append(i).append(" [label=\"").append(escaped(node.label()));
            out.append("\", shape=").append(shape(node));
            if (node.isFaint()) {
                out.append(", style=dashed");
            }
            if (cyclic.get(i)) {
                out.append(", color=" + RED + ", fontcolor=" + RED);
            }
            out.append("];\n");
        }
        for (Edge edge : picture.edges()) {
            out.append("  n").append(edge.from()).append(" -> n").append(edge.to());
            boolean isRed = edge.goesOn() && component[edge.from()] == component[edge.to()];
            String style = edge.isFaint() || edge.way() != Way.EVENTS ? "style=dashed" : "";
            String color = isRed ? "color=" + RED : "";
            if (!style.isEmpty() || !color.isEmpty()) {
                out.append(" [").append(style).append(style.isEmpty() || color.isEmpty() ? "" : ", ");
                out.append(color).append(']');
            }
            out.append(";\n");
        }
        return out.append("}\n").toString();
    }

    private static String shape(Node node) {
        return switch (node.kind()) {
            case EVENT_TYPE, REQUEST -> "ellipse";
            case FILTER -> "hexagon";
            case FUNCTION -> "box";
        };
    }

    /** A label between quotes: Graphviz reads backslashes there, and HTML's entities. */
    private static String escaped(String label) {
        return label.codePoints()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    case '&' -> "&amp;";
                    default -> Character.isISOControl(c) ? " " : Character.toString(XmlText.valid(c));
                })
                .collect(Collectors.joining());
    }
}
