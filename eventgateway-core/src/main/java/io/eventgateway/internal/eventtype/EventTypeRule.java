package io.eventgateway.internal.eventtype;

import io.eventgateway.Event;
import io.eventgateway.EventGatewayException;
import io.eventgateway.EventTypeDefinition;
import io.eventgateway.EventTypePolicy;
import io.eventgateway.Validation;
import io.eventgateway.error.EventRejectedException;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.json.ExactJson;
import io.eventgateway.internal.schema.EventPlace;
import io.eventgateway.schema.Violation;
import io.eventgateway.spi.SchemaProvider;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** What the events of a registered type meet at the intake. Thread-safe. */
public final class EventTypeRule {
    private static final int MOST_VIOLATIONS = 20;

    private final EventTypeDefinition definition;
    private final SchemaProvider.@Nullable Validator validator;
    private volatile @Nullable EventPlace place;
    private final LongAdder violating = new LongAdder();

    private EventTypeRule(EventTypeDefinition definition, SchemaProvider.@Nullable Validator validator) {
        this.definition = definition;
        this.validator = validator;
    }

    /**
     * The rule of a definition, with its schema compiled.
     *
     * @throws InvalidEventTypeException if the schema is not valid, or nothing can validate by it
     */
    public static EventTypeRule of(EventTypeDefinition definition, SchemaProvider.Resolver resolver) {
        String schema = definition.schema();
        boolean isNeeded = definition.validation() != Validation.OFF;
        if (schema == null || (!isNeeded && !SchemaProviders.isThereOne())) {
            return new EventTypeRule(definition, null);
        }
        String name = definition.name();
        SchemaProvider.Validator validator = SchemaProviders.required(
                        "event type '" + name + "' has a schema that events can't be checked by")
                .compile(schema, resolver);
        return new EventTypeRule(definition, validator);
    }

    /** The rule of a definition whose schema can't be compiled here: its events are not checked. */
    public static EventTypeRule unchecked(EventTypeDefinition definition) {
        return new EventTypeRule(definition, null);
    }

    /** What the schema says of the events, made when it is first asked for. */
    public EventPlace place() {
        EventPlace known = place;
        if (known == null) {
            String schema = definition.schema();
            known = EventPlace.of(definition.name(), schema == null ? null : ExactJson.read(schema));
            place = known;
        }
        return known;
    }

    /** The definition. */
    public EventTypeDefinition definition() {
        return definition;
    }

    /** How many events did not have the schema. */
    public long violating() {
        return violating.sum();
    }

    /** What of some data is not as the schema says. */
    public List<Violation> violations(JsonNode data) {
        return validator == null ? List.of() : validator.validate(data, MOST_VIOLATIONS);
    }

    /**
     * Checks an event; returns what is to be said of it, null for nothing.
     *
     * @throws EventRejectedException if its data does not have the schema, and has to
     */
    @Nullable String check(Event event, EventTypePolicy policy) {
        if (validator == null) {
            return null;
        }
        Validation own = definition.validation();
        Validation validation = own == null ? policy.validation() : own;
        if (validation == Validation.OFF || EventVersion.of(event) != definition.version()) {
            return null; // the schema says nothing of other versions
        }
        List<Violation> violations = violationsOf(event);
        if (violations.isEmpty()) {
            return null;
        }
        violating.increment();
        String what =
                "event '" + event.getId() + "' of type '" + event.getType() + "' does not have the type's schema: "
                        + violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
        if (validation == Validation.ENFORCE) {
            throw new EventRejectedException(what, violations);
        }
        return what;
    }

    private List<Violation> violationsOf(Event event) {
        JsonNode data;
        try {
            JsonNode known = event.getData() == null ? null : event.dataAsJson();
            data = known == null ? NullNode.getInstance() : known;
        } catch (EventGatewayException e) { // without its message, which may show the data
            return List.of(new Violation("", "type", "JSON", "no JSON"));
        }
        return violations(data);
    }
}
