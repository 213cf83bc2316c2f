package io.eventgateway.internal.describe;

import io.eventgateway.internal.describe.Picture.Edge;
import io.eventgateway.internal.describe.Picture.Node;
import io.eventgateway.internal.describe.Picture.Way;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A picture as a Mermaid flowchart.
 *
 * <p>Every character of a label that Mermaid could read as syntax, HTML or Markdown is written as its entity code, which Mermaid has for
 * any character; nodes have numbers for ids.
 */
public final class MermaidText {
    private static final String PLAIN = " .,:;-_/()'+=@!?";
    private static final String RED = "#c0392b";

    private MermaidText() {}

    /** The flowchart. */
    public static String of(Picture picture) {
        BitSet cyclic = Cycles.nodesIn(picture.graph());
        int[] component = picture.graph().components(node -> true);
        StringBuilder out = new StringBuilder("flowchart LR\n");
        List<String> red = new ArrayList<>();
        List<String> faint = new ArrayList<>();
        for (int i = 0; i < picture.nodes().size(); i++) {
            Node node = picture.nodes().get(i);
            out.append("  n").append(i).append(shape(node)).append('\n');
            if (cyclic.get(i)) {
                red.add("n" + i);
            }
            if (node.isFaint()) {
                faint.add("n" + i);
            }
        }
        List<String> redEdges = new ArrayList<>();
        for (int i = 0; i < picture.edges().size(); i++) {
            Edge edge = picture.edges().get(i);
            String arrow = edge.isFaint() || edge.way() != Way.EVENTS ? " -.-> " : " --> ";
            out.append("  n").append(edge.from()).append(arrow).append('n').append(edge.to());
            out.append('\n');
            if (edge.goesOn() && component[edge.from()] == component[edge.to()]) {
                redEdges.add(String.valueOf(i));
            }
        }
        if (!red.isEmpty()) {
            out.append("  classDef cycle stroke:" + RED + ",stroke-width:2px,color:" + RED + "\n  class ");
            out.append(String.join(",", red)).append(" cycle\n");
            out.append("  linkStyle ").append(String.join(",", redEdges)).append(" stroke:" + RED + "\n");
        }
        if (!faint.isEmpty()) {
            out.append("  classDef faint stroke-dasharray:4 3\n  class ");
            out.append(String.join(",", faint)).append(" faint\n");
        }
        return out.toString();
    }

    private static String shape(Node node) {
        String label = '"' + escaped(node.label()) + '"';
        return switch (node.kind()) {
            case EVENT_TYPE, REQUEST -> "([" + label + "])";
            case FILTER -> "{{" + label + "}}";
            case FUNCTION -> "[" + label + "]";
        };
    }

    private static String escaped(String label) {
        return label.codePoints().mapToObj(MermaidText::escaped).collect(Collectors.joining());
    }

    private static String escaped(int c) {
        if (Character.isISOControl(c)) {
            return " ";
        }
        boolean isPlain = Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0;
        return isPlain && c != '#' ? Character.toString(c) : "#" + XmlText.valid(c) + ";";
    }
}
