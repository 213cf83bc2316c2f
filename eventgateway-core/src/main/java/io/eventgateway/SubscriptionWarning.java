package io.eventgateway;

import java.util.List;

/** A part of a subscription that is allowed and that is probably a mistake. */
public sealed interface SubscriptionWarning {
    /** Returns the warning as a sentence for people. */
    String message();

    /**
     * The subscription closes a cycle of functions and the event types that they say they {@linkplain FunctionDefinition#emits
     * emit}, so that an event may go round until the chain guard stops it.
     *
     * @param path functions and event types by turns; the first function is also the last
     */
    record RoutingCycle(List<String> path) implements SubscriptionWarning {
        /** Copies the list. */
        public RoutingCycle {
            path = List.copyOf(path);
        }

        @Override
        public String message() {
            return "events may go round: " + String.join(" -> ", path);
        }
    }
}
