package io.eventgateway;

import io.eventgateway.delivery.Pause;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The subscriptions of a space that would get an event, and why the others would not. {@code toString} prints the explanation for
 * people.
 *
 * @param event the event, as it would be accepted
 * @param subscriptions every subscription of the space, those that match first
 */
public record Explanation(Event event, List<SubscriptionExplanation> subscriptions) {
    /** Copies the subscriptions. */
    public Explanation {
        Objects.requireNonNull(event, "event");
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * A condition with what it saw, and the conditions that it is made of.
     *
     * @param matched whether the condition holds
     * @param error whether it could not be evaluated, in which case it does not hold
     * @param text the condition and what it saw, such as {@code data.total is 40, wanted numeric > 100}
     * @param because the conditions that it is made of; empty for a single one
     */
    public record Reason(boolean matched, boolean error, String text, List<Reason> because) {
        /** Copies the conditions. */
        public Reason {
            Objects.requireNonNull(text, "text");
            because = List.copyOf(because);
        }

        private void print(StringBuilder out, String indent) {
            out.append(indent).append(error ? "! " : matched ? "+ " : "- ").append(text);
            out.append('\n');
            because.forEach(reason -> reason.print(out, indent + "  "));
        }

        private ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("matched", matched);
            if (error) {
                json.put("error", true);
            }
            json.put("text", text);
            if (!because.isEmpty()) {
                ArrayNode reasons = json.putArray("because");
                because.forEach(reason -> reasons.add(reason.toJson()));
            }
            return json;
        }
    }

    /**
     * The verdict of one subscription on the event.
     *
     * @param subscription the subscription
     * @param matched whether it would get the event
     * @param reasons its event type, whether it is enabled, and its filter, as far as each was looked at
     * @param filterErrors for how many events, since the subscription was registered here, its filter could not be evaluated
     * @param payload what its function would get, cut to 2,000 characters; null when it would get no event, or one without data
     * @param transformError why its transform fails for the event; null when it does not
     * @param pause the pause that is on, during which the event would be accepted and wait; null when none is
     * @param isUnreachable whether no living gateway can call the function, so that the event would be accepted and wait until one can
     */
    public record SubscriptionExplanation(
            Subscription subscription,
            boolean matched,
            List<Reason> reasons,
            long filterErrors,
            @Nullable String payload,
            @Nullable String transformError,
            @Nullable Pause pause,
            boolean isUnreachable) {
        /** Copies the reasons. */
        public SubscriptionExplanation {
            Objects.requireNonNull(subscription, "subscription");
            reasons = List.copyOf(reasons);
        }

        private void print(StringBuilder out) {
            out.append(matched ? "matches " : "does not match ")
                    .append("subscription '")
                    .append(subscription.id())
                    .append("' -> function '")
                    .append(subscription.functionId())
                    .append("'\n");
            reasons.forEach(reason -> reason.print(out, "    "));
            if (pause != null) {
                out.append("    is ").append(pause);
                out.append(matched ? "; the event would be accepted and wait\n" : "\n");
            }
            if (isUnreachable) {
                out.append("    ! no gateway that is alive can call function '")
                        .append(subscription.functionId())
                        .append(matched ? "'; the event would be accepted and wait until one can\n" : "'\n");
            }
            if (filterErrors > 0) {
                out.append("    its filter could not be evaluated for ")
                        .append(filterErrors)
                        .append(" events\n");
            }
            if (transformError != null) {
                out.append("    ! ").append(transformError).append('\n');
            } else if (payload != null) {
                out.append("    would send ").append(payload).append('\n');
            }
        }

        private ObjectNode toJson() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("subscriptionId", subscription.id());
            json.put("functionId", subscription.functionId());
            json.put("matched", matched);
            ArrayNode all = json.putArray("reasons");
            reasons.forEach(reason -> all.add(reason.toJson()));
            if (filterErrors > 0) {
                json.put("filterErrors", filterErrors);
            }
            if (payload != null) {
                json.put("payload", payload);
            }
            if (transformError != null) {
                json.put("transformError", transformError);
            }
            if (isUnreachable) {
                json.put("unreachable", true);
            }
            if (pause != null) {
                ObjectNode paused = json.putObject("paused");
                put(paused, "since", pause.since());
                put(paused, "until", pause.until());
                put(paused, "by", pause.by());
                put(paused, "reason", pause.reason());
            }
            return json;
        }
    }

    private static void put(ObjectNode json, String member, @Nullable Object value) {
        if (value != null) {
            json.put(member, value.toString());
        }
    }

    /** The subscriptions that would get the event. */
    public List<Subscription> matched() {
        return subscriptions.stream()
                .filter(SubscriptionExplanation::matched)
                .map(SubscriptionExplanation::subscription)
                .toList();
    }

    /** What is said of one subscription, if the space has it. */
    public Optional<SubscriptionExplanation> of(String subscriptionId) {
        return subscriptions.stream()
                .filter(each -> each.subscription().id().equals(subscriptionId))
                .findFirst();
    }

    /** The JSON form, a new tree at each call. */
    public JsonNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("event").put("id", event.getId()).put("type", event.getType());
        ArrayNode all = json.putArray("subscriptions");
        subscriptions.forEach(each -> all.add(each.toJson()));
        return json;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder()
                .append("event '")
                .append(event.getId())
                .append("' of type '")
                .append(event.getType())
                .append("' matches ")
                .append(matched().size())
                .append(" of ")
                .append(subscriptions.size())
                .append(" subscriptions\n");
        subscriptions.forEach(each -> each.print(out));
        return out.toString();
    }
}
