package io.eventgateway.history;

import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Events and the events that they led to, as a tree. An immutable snapshot.
 *
 * @param correlationId the id of the first event
 * @param roots the first event; more only when parts of the chain came from elsewhere
 */
public record EventChain(String correlationId, List<Node> roots) {
    /**
     * An event of a chain.
     *
     * @param event the event, without its data
     * @param acceptedAt when it was accepted, or stopped
     * @param emittedBy the function that emitted it; null for the first
     * @param deliveries how the deliveries that have ended ended, without what the functions returned; of a dead letter that was redriven, how
     *     its last redrive ended
     * @param endedAt when the last of them ended, redrives included, and of an event of {@code invoke} or {@code handle} when its caller was answered;
     *     null while one is under way
     * @param stopped why the chain guard stopped it; null when it did not
     * @param children the events that it led to
     */
    public record Node(
            Event event,
            Instant acceptedAt,
            @Nullable String emittedBy,
            List<DeliveryResult> deliveries,
            @Nullable Instant endedAt,
            @Nullable String stopped,
            List<Node> children) {
        /** Copies the lists. */
        public Node {
            Objects.requireNonNull(event, "event");
            Objects.requireNonNull(acceptedAt, "acceptedAt");
            deliveries = List.copyOf(deliveries);
            children = List.copyOf(children);
        }
    }

    /** Copies the list. */
    public EventChain {
        Objects.requireNonNull(correlationId, "correlationId");
        roots = List.copyOf(roots);
    }

    /** Whether nothing is known of the chain. */
    public boolean isEmpty() {
        return roots.isEmpty();
    }

    /** The chain as an indented text, an event a line, its deliveries below it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        roots.forEach(root -> text(root, "", text));
        return text.toString();
    }

    private static void text(Node node, String indent, StringBuilder text) {
        text.append(indent).append(node.event.getType()).append(" (").append(node.event.getId());
        if (node.emittedBy != null) {
            text.append(", by ").append(node.emittedBy);
        }
        text.append(") at ").append(node.acceptedAt);
        if (node.stopped != null) {
            text.append(", stopped");
        } else if (node.endedAt == null) {
            text.append(", under way");
        } else {
            text.append(", ended after ").append(Duration.between(node.acceptedAt, node.endedAt));
        }
        text.append('\n');
        for (DeliveryResult delivery : node.deliveries) {
            text.append(indent).append("  -> ").append(outcome(delivery)).append('\n');
        }
        node.children.forEach(child -> text(child, indent + "    ", text));
    }

    private static String outcome(DeliveryResult delivery) {
        return delivery.functionId() + ": " + delivery.status()
                + (delivery.attempts() == 1 ? "" : " after " + delivery.attempts() + " attempts");
    }

    /** The chain as a Mermaid flowchart: events, the functions that they were delivered to, and what those emitted. */
    public String toMermaid() {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        AtomicInteger numbers = new AtomicInteger();
        roots.forEach(root -> mermaid(root, text, numbers));
        return text.toString();
    }

    private static String mermaid(Node node, StringBuilder text, AtomicInteger numbers) {
        String event = "e" + numbers.getAndIncrement();
        text.append("  ")
                .append(event)
                .append("([\"")
                .append(escaped(node.event.getType()))
                .append(node.stopped == null ? "" : "<br/>stopped")
                .append("\"])\n");
        for (DeliveryResult delivery : node.deliveries) {
            String function = function(event, delivery.functionId());
            text.append("  ")
                    .append(event)
                    .append(" --> ")
                    .append(function)
                    .append("[\"")
                    .append(escaped(outcome(delivery)))
                    .append("\"]\n");
        }
        for (Node child : node.children) {
            String below = mermaid(child, text, numbers);
            boolean known = child.emittedBy != null
                    && node.deliveries.stream()
                            .anyMatch(each -> each.functionId().equals(child.emittedBy));
            String from = known ? function(event, Objects.requireNonNull(child.emittedBy)) : event;
            text.append("  ").append(from).append(" -.-> ").append(below).append('\n');
        }
        return event;
    }

    private static String function(String event, String functionId) {
        return event + "_" + Integer.toHexString(functionId.hashCode());
    }

    /** Mermaid's entity codes for what would end a label. */
    private static String escaped(String text) {
        return text.replace("#", "#35;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;");
    }
}
