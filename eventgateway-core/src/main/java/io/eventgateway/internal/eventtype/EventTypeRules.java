package io.eventgateway.internal.eventtype;

import io.eventgateway.Event;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.internal.discovery.Discoveries;
import io.eventgateway.internal.event.NearNames;
import io.eventgateway.internal.log.LogLimit;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the events of a space meet at the intake: the rules of their types. Thread-safe; the registry alone changes it. A space that
 * asks nothing of its events costs them one read.
 */
public final class EventTypeRules {
    private static final Logger log = LoggerFactory.getLogger(EventTypeRules.class);
    private static final String SYSTEM = "gateway.";
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final int LINES = 5;
    private static final int LOGGED_TYPES = 1_000;

    private final String space;
    private final LogLimit logged;
    private final Map<String, EventTypeRule> rules = new ConcurrentHashMap<>();
    private volatile EventTypePolicy policy = EventTypePolicy.open();
    /** Null while nothing is learned. */
    private volatile @Nullable Discoveries discoveries;
    /** Whether events meet anything at all. */
    private volatile boolean isIdle = true;

    /** The rules of a space that asks nothing yet. */
    public EventTypeRules(String space, InstantSource clock) {
        this.space = space;
        this.logged = new LogLimit(
                clock,
                LINES,
                PERIOD,
                LOGGED_TYPES,
                (type, events) -> log.warn(
                        "In space '{}', {} more events of type '{}' did not have its schema", space, events, type));
    }

    /** What the space asks. */
    public EventTypePolicy policy() {
        return policy;
    }

    /** Changes what the space asks. */
    public void changePolicy(EventTypePolicy next) {
        policy = next;
        look();
    }

    /** Has events of a type meet a rule; null for none. */
    public void put(String eventType, @Nullable EventTypeRule rule) {
        if (rule == null) {
            rules.remove(eventType);
        } else {
            rules.put(eventType, rule);
        }
        look();
    }

    /** All rules. */
    public Collection<EventTypeRule> all() {
        return rules.values();
    }

    /** The rule of a type; null when there is none. */
    public @Nullable EventTypeRule of(String eventType) {
        return rules.get(eventType);
    }

    /** What is learned of the events that pass; null while nothing is. */
    public @Nullable Discoveries discoveries() {
        return discoveries;
    }

    /** Has what passes be learned, or with null nothing. */
    public void learnInto(@Nullable Discoveries next) {
        discoveries = next;
        look();
    }

    private synchronized void look() {
        isIdle = rules.isEmpty() && !policy.closed() && discoveries == null;
    }

    /**
     * The event as it is routed.
     *
     * @throws EventRejectedException if its type is not registered and has to be, or its data does not have the schema and has to
     */
    public Event admit(Event event) {
        return isIdle ? event : checked(event);
    }

    private Event checked(Event event) {
        EventTypeRule rule = rules.get(event.getType());
        if (rule != null) {
            String warning = rule.check(event, policy);
            if (warning != null && logged.admits(event.getType())) {
                log.warn("In space '{}', {}", space, warning);
            }
        } else if (policy.closed() && !event.getType().startsWith(SYSTEM)) {
            throw new EventRejectedException("event '" + event.getId() + "' is of type '" + event.getType()
                    + "', which is not registered in space '" + space + "', and the space accepts registered types only"
                    + NearNames.hint(event.getType(), rules.keySet()));
        }
        Discoveries learning = discoveries;
        if (learning != null) {
            learning.learn(event);
        }
        return event;
    }
}
