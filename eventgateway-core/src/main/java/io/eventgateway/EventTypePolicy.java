package io.eventgateway;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.eventgateway.error.InvalidEventTypeException;
import io.eventgateway.internal.json.ValueJson;
import io.eventgateway.schema.Compatibility;
import io.eventgateway.spi.Registration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a space asks of event types. Kept by the store, so that every process that shares it goes by the same. An immutable value.
 *
 * @param closed whether only events of registered types are accepted; the gateway's own {@code gateway.*} always are
 * @param validation what becomes of an event whose data does not have the schema of its type, where the type does not say
 * @param compatibility what a new schema must go on to say, where the type does not say
 * @param strict whether a subscription that can't work for any valid event, as a {@link Finding} of severity ERROR says, is refused
 */
public record EventTypePolicy(
        @JsonProperty("closed") boolean closed,
        @JsonProperty("validation") Validation validation,
        @JsonProperty("compatibility") Compatibility compatibility,
        @JsonProperty("strict") boolean strict)
        implements Registration {
    private static final EventTypePolicy OPEN =
            new EventTypePolicy(false, Validation.WARN, Compatibility.BACKWARD, false);

    /** The id under which the store has the policy of a space. */
    public static final String ID = "event-types";

    /** Refuses nulls. */
    public EventTypePolicy {
        Objects.requireNonNull(validation, "validation must not be null");
        Objects.requireNonNull(compatibility, "compatibility must not be null");
    }

    /** The policy of a space that was given no other: every type is accepted, violations are warned of, schemas stay backward compatible. */
    public static EventTypePolicy open() {
        return OPEN;
    }

    /** A policy of registered types only, which is like {@link #open()} else. */
    public static EventTypePolicy closedToOthers() {
        return new EventTypePolicy(true, OPEN.validation, OPEN.compatibility, OPEN.strict);
    }

    /** This policy with another rule for events whose data does not have the schema. */
    public EventTypePolicy withValidation(Validation rule) {
        return new EventTypePolicy(closed, rule, compatibility, strict);
    }

    /** This policy with another rule for new schemas. */
    public EventTypePolicy withCompatibility(Compatibility rule) {
        return new EventTypePolicy(closed, validation, rule, strict);
    }

    /** This policy, where subscriptions that can't work are refused or not. */
    public EventTypePolicy withStrict(boolean refuse) {
        return new EventTypePolicy(closed, validation, compatibility, refuse);
    }

    /**
     * A policy from its JSON form.
     *
     * @throws InvalidEventTypeException if it is not one
     */
    public static EventTypePolicy fromJson(String json) {
        return ValueJson.read("a policy of event types", json, EventTypePolicy.class, InvalidEventTypeException::new);
    }

    @JsonCreator
    static EventTypePolicy fromJson(
            @JsonProperty("closed") @Nullable Boolean closed,
            @JsonProperty("validation") @Nullable Validation validation,
            @JsonProperty("compatibility") @Nullable Compatibility compatibility,
            @JsonProperty("strict") @Nullable Boolean strict) {
        return new EventTypePolicy(
                closed == null ? OPEN.closed : closed,
                validation == null ? OPEN.validation : validation,
                compatibility == null ? OPEN.compatibility : compatibility,
                strict == null ? OPEN.strict : strict);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public String toJson() {
        return ValueJson.write(this);
    }
}
