package io.eventgateway.test;

import io.eventgateway.Emission;
import io.eventgateway.Event;
import io.eventgateway.delivery.DeliveryResult;
import io.eventgateway.delivery.DeliveryStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The events that an action set off, and how their deliveries ended: those that it emitted, those that functions emitted, what it had
 * redriven or replayed, the system events that somebody listened to, and the dead letters that functions got. Immutable.
 */
public final class TrackedSession {
    /**
     * An event of the session.
     *
     * @param event the event, as it was emitted
     * @param again whether the event had been accepted before: a dead letter was redriven, the history was replayed, or a delivery was
     *     taken over from the store
     * @param deliveries how its deliveries ended; empty when no subscription matched, or the event was refused
     * @param refusal why it was refused; null when it was accepted
     * @param children the events that it led to: those that functions emitted, and the system events about it
     */
    public record Node(
            Event event,
            boolean again,
            List<DeliveryResult> deliveries,
            @Nullable Throwable refusal,
            List<Node> children) {}

    private final List<Node> roots;
    private final List<Node> all = new ArrayList<>();
    private final String timeline;

    TrackedSession(List<Recorder.Emitted> emitted, String timeline) {
        this.timeline = timeline;
        Map<String, Node> byId = new LinkedHashMap<>();
        List<Node> first = new ArrayList<>();
        for (Recorder.Emitted each : emitted) {
            Event event = each.event();
            Emission emission = each.emission();
            Node node = new Node(
                    event,
                    each.again(),
                    emission == null ? List.of() : emission.soFar().deliveries(),
                    each.refusal(),
                    new ArrayList<>());
            Node before = each.again() ? byId.get(event.getId()) : null;
            String cause = event.getCausationId();
            Node parent = before != null || cause == null ? before : byId.get(cause);
            (parent == null ? first : parent.children()).add(node);
            byId.put(event.getId(), node);
            all.add(node);
        }
        this.roots = List.copyOf(first);
    }

    /** What the action itself emitted or had delivered again, each with what it led to. */
    public List<Node> roots() {
        return roots;
    }

    /** Every event, in the order of emission. */
    public List<Event> events() {
        return all.stream().map(Node::event).toList();
    }

    /** Every event of a type, in the order of emission. */
    public List<Event> events(String type) {
        return events().stream().filter(event -> event.getType().equals(type)).toList();
    }

    /**
     * The only event of a type.
     *
     * @throws NoSuchElementException if there was no event of the type, or more than one
     */
    public Event single(String type) {
        List<Event> found = events(type);
        if (found.size() != 1) {
            throw new NoSuchElementException(
                    "there are " + found.size() + " events of type '" + type + "' in:\n" + this);
        }
        return found.get(0);
    }

    /** How every delivery ended. */
    public List<DeliveryResult> deliveries() {
        return all.stream().flatMap(node -> node.deliveries().stream()).toList();
    }

    /** How every delivery to a function ended. */
    public List<DeliveryResult> deliveriesTo(String functionId) {
        return deliveries().stream()
                .filter(delivery -> delivery.functionId().equals(functionId))
                .toList();
    }

    /** Whether every delivery ended DELIVERED, and no event was refused. */
    public boolean allDelivered() {
        return all.stream().allMatch(node -> node.refusal() == null)
                && deliveries().stream().allMatch(delivery -> delivery.status() == DeliveryStatus.DELIVERED);
    }

    /** What happened, a line each, with its time. */
    public String timeline() {
        return timeline;
    }

    /** The tree, an event a line, its deliveries below it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        roots.forEach(root -> print(root, "", text));
        return text.toString();
    }

    private static void print(Node node, String indent, StringBuilder text) {
        text.append(indent).append(node.event().getType()).append(node.again() ? " again" : "");
        if (node.refusal() != null) {
            text.append(" refused: ").append(node.refusal().getMessage());
        }
        text.append('\n');
        for (DeliveryResult delivery : node.deliveries()) {
            text.append(indent)
                    .append("  -> ")
                    .append(delivery.functionId())
                    .append(": ")
                    .append(delivery.status())
                    .append(delivery.attempts() == 1 ? "" : " after " + delivery.attempts() + " attempts")
                    .append('\n');
        }
        node.children().forEach(child -> print(child, indent + "    ", text));
    }
}
